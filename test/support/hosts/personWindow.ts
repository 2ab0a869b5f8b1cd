import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { watchExternalLinks } from './externalLinks';
import { outputFolder } from './paths';
import { ownPlace, type Place } from './places';
import { QuickInput, type Prompt } from './quickInput';
import * as readings from './readings';
import type { ExplorerRow, QuickPickItem, StatusBarItem, Tab, Toast, ViewRow } from './readings';
import { selectors } from './selectors';
import type { EditorHost, HostOptions } from './server';
import { patience, until, watchChanges, type Expected } from './until';

export interface WindowOptions extends HostOptions {
  /** The folder to open: `dav://127.0.0.1:1234/`. Without one the window is empty. */
  readonly folder?: string;
}

export type Theme = 'light' | 'dark' | 'highContrast' | 'highContrastLight';

const themes: Readonly<Record<Theme, { readonly name: string; readonly css: string }>> = {
  light: { name: 'Default Light Modern', css: 'vs' },
  dark: { name: 'Default Dark Modern', css: 'vs-dark' },
  highContrast: { name: 'Default High Contrast', css: 'hc-black' },
  highContrastLight: { name: 'Default High Contrast Light', css: 'hc-light' },
};

const open = new Set<PersonWindow>();
/** The windows that are open now, for a picture when a test fails. */
export const openWindows: ReadonlySet<PersonWindow> = open;

/** Opens an editor of its own, with the extension installed as a person would, in a window to be used as a person would. */
export async function openPersonWindow(options: WindowOptions): Promise<PersonWindow> {
  return openWindowAt(await ownPlace(options), options.folder);
}

/** Opens a window there; the place is left when the window closes. */
export async function openWindowAt(place: Place, folder: string | undefined): Promise<PersonWindow> {
  try {
    const window = new PersonWindow(place.host, await place.context.newPage(), () => place.leave());
    await window.start(folder);
    open.add(window);
    return window;
  } catch (error) {
    await place.leave();
    throw error;
  }
}

/** A window of the editor and what a person sees and does in it. Verbs wait for what they need; no verb sleeps. */
export class PersonWindow {
  readonly quickInput: QuickInput;
  /** Addresses that the window handed to the system: `mailto:`, `https:` ... */
  readonly externalLinks: string[] = [];
  private isClosed = false;

  constructor(
    readonly host: EditorHost,
    readonly page: Page,
    private readonly closeAll: () => Promise<void>,
  ) {
    this.quickInput = new QuickInput(page);
  }

  async start(folder: string | undefined): Promise<void> {
    this.page.setDefaultTimeout(patience);
    await watchChanges(this.page);
    await watchExternalLinks(this.page, this.externalLinks);
    await this.goTo(folder);
  }

  /** Opens another folder in this window, or none. */
  async goTo(folder: string | undefined): Promise<void> {
    await this.page.goto(`${this.host.origin}/${folder === undefined ? '?ew=true' : `?folder=${folder}`}`);
    await this.ready();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** A second window of the same editor, with the same secrets. It ends with the first. */
  async another(folder: string): Promise<PersonWindow> {
    const page = await this.page.context().newPage();
    const window = new PersonWindow(this.host, page, () => page.close());
    await window.start(folder);
    return window;
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    open.delete(this);
    await this.closeAll();
  }

  /** Waits until a reading of the window is as expected; the way to wait for anything that has no verb here. */
  until<T>(expected: Expected<T>): Promise<T> {
    return until(this.page, expected);
  }

  // Explorer

  explorerRows(): Promise<readonly ExplorerRow[]> {
    return readings.readExplorer(this.page);
  }

  /** The row of that name, once it is there and, where asked, as expected. */
  async explorerRow(name: string, accept: (row: ExplorerRow) => boolean = () => true): Promise<ExplorerRow> {
    const row = await this.until({
      what: `explorer row ${name} as expected`,
      read: async () => (await this.explorerRows()).find((one) => one.name === name),
      accept: (one) => one !== undefined && accept(one),
    });
    if (!row) throw new Error(`No explorer row ${name}`);
    return row;
  }

  /** Folds a folder of the explorer out or in. */
  async clickRow(name: string): Promise<void> {
    await this.explorerRowElement(name).click();
  }

  /** Renames in the explorer, as F2 does; does not wait for the outcome. */
  async renameRow(name: string, to: string): Promise<void> {
    await this.clickRow(name);
    await this.press('F2');
    await this.page.locator(selectors.explorerInput).fill(to);
    await this.press('Enter');
  }

  // Editors

  async openFile(name: string): Promise<void> {
    await this.explorerRowElement(name).dblclick();
    await this.untilActive(name);
  }

  /** Waits until the file's editor is in front and takes the keys. */
  async untilActive(name: string): Promise<void> {
    await this.until({
      what: `active tab ${name}`,
      read: () => this.tabs(),
      accept: (tabs) => tabs.some((tab) => tab.active && tab.name === name),
    });
    await this.page.locator(selectors.focusedEditor).first().waitFor();
  }

  tabs(): Promise<readonly Tab[]> {
    return readings.readTabs(this.page);
  }

  async tabIsDirty(name: string): Promise<boolean> {
    return (await this.tabs()).some((tab) => tab.name === name && tab.dirty);
  }

  async untilDirty(name: string, dirty: boolean): Promise<void> {
    await this.until({
      what: `${dirty ? 'unsaved' : 'saved'} tab ${name}`,
      read: () => this.tabIsDirty(name),
      accept: (is) => is === dirty,
    });
  }

  /** Types into whatever has the focus. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys);
  }

  /** Ctrl+S; does not wait for the outcome, which is a clean tab or a toast. */
  async save(): Promise<void> {
    await this.press('Control+s');
  }

  /** The visible text of the editor. */
  editorText(): Promise<string> {
    return readings.readEditorText(this.page);
  }

  codeLenses(): Promise<readonly string[]> {
    return this.page.locator(selectors.codeLens).allInnerTexts();
  }

  async clickCodeLens(label: string): Promise<void> {
    await this.page.locator(selectors.codeLens).getByText(label).first().click();
  }

  // Messages

  toasts(): Promise<readonly Toast[]> {
    return readings.readToasts(this.page);
  }

  /**
   * The toast with that text, once it is there. The editor shows at most three toasts within 0.8 s, and a test can
   * be fast enough to cause a fourth, which then stands only behind the bell.
   */
  async toast(text: string | RegExp): Promise<Toast> {
    const toasts = await this.until({
      what: `toast with ${String(text)}`,
      read: () => this.toasts(),
      accept: (all) => all.some((one) => matches(one.text, text)),
    });
    const toast = toasts.find((one) => matches(one.text, text));
    if (!toast) throw new Error(`No toast with ${String(text)}`);
    return toast;
  }

  async untilNoToast(text: string | RegExp): Promise<void> {
    await this.until({
      what: `end of the toast with ${String(text)}`,
      read: () => this.toasts(),
      accept: (all) => !all.some((one) => matches(one.text, text)),
    });
  }

  /** Clicks a link in a toast. */
  async clickLink(label: string): Promise<void> {
    await this.page.locator(selectors.toastLink).getByText(label, { exact: true }).first().click();
  }

  /** Clicks a button of a toast. */
  async clickButton(label: string): Promise<void> {
    await this.page.locator(selectors.toastButton).getByText(label, { exact: true }).first().click();
  }

  /** The modal dialog that is open or about to open. */
  async dialog(): Promise<{ message: string; detail: string; buttons: readonly string[] }> {
    const dialog = this.page.locator(selectors.dialog);
    await dialog.waitFor();
    const detail = (await dialog.locator(selectors.dialogDetail).allInnerTexts()).join('\n');
    const [message] = await dialog.locator(selectors.dialogMessage).allInnerTexts();
    return {
      // A dialog without a detail has its message there.
      message: message ?? detail,
      detail: message === undefined ? '' : detail,
      buttons: await dialog.locator(selectors.dialogButton).allInnerTexts(),
    };
  }

  titleActions = () => readings.readTitleActions(this.page);

  async answerDialog(button: string): Promise<void> {
    const dialog = await this.page.locator(selectors.dialog).elementHandle();
    await this.page.locator(selectors.dialogButton).getByText(button, { exact: true }).click();
    // The next dialog may be there at once: only this one has to go.
    await dialog?.waitForElementState('hidden');
  }

  // Status bar and views

  statusBarItems(): Promise<readonly StatusBarItem[]> {
    return readings.readStatusBar(this.page);
  }

  /** The status bar item with that text, once it is there. */
  async statusBarItem(text: string | RegExp): Promise<StatusBarItem> {
    const items = await this.until({
      what: `status bar item ${String(text)}`,
      read: () => this.statusBarItems(),
      accept: (all) => all.some((one) => matches(one.text, text)),
    });
    const item = items.find((one) => matches(one.text, text));
    if (!item) throw new Error(`No status bar item ${String(text)}`);
    return item;
  }

  async clickStatusBarItem(text: string | RegExp): Promise<void> {
    await this.page.locator(selectors.statusBarItem).filter({ hasText: text }).first().click();
  }

  /** The rows of a view in the side bar, which is folded out first, once they are as expected (unless told: any). */
  async viewRows(
    view: string,
    accept: (rows: readonly ViewRow[]) => boolean = (rows) => rows.length > 0,
  ): Promise<readonly ViewRow[]> {
    await this.openView(view);
    return this.until({
      what: `rows of the view ${view} as expected`,
      read: () => readings.readViewRows(this.page, view),
      accept,
    });
  }

  async openView(view: string): Promise<Locator> {
    const pane = this.page
      .locator(selectors.sideBarPane)
      .filter({ has: this.page.locator(selectors.sideBarPaneHeader, { hasText: view }) });
    const header = pane.locator(selectors.sideBarPaneHeader);
    await header.waitFor();
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
    return pane;
  }

  /** Brings the keyboard into a view of the explorer that has rows, and waits until it is there. */
  async focusView(view: string): Promise<void> {
    await this.runCommand(`Explorer: Focus on ${view} View`);
    await (await this.openView(view)).locator(selectors.focusedView).waitFor();
  }

  /** Waits until the keyboard is on that row of a view. */
  async focusedViewRow(name: string): Promise<void> {
    const row = this.page.locator(selectors.focusedViewRow);
    await row.filter({ has: this.page.getByText(name, { exact: true }) }).waitFor();
  }

  // Palette, quick picks and input boxes

  runCommand(title: string): Promise<void> {
    return this.quickInput.runCommand(title);
  }

  quickPickItems(): Promise<readonly QuickPickItem[]> {
    return this.quickInput.items();
  }

  pick(label: string): Promise<void> {
    return this.quickInput.pick(label);
  }

  prompt(): Promise<Prompt> {
    return this.quickInput.prompt();
  }

  answerInput(text: string): Promise<void> {
    return this.quickInput.answer(text);
  }

  // The rest of a person's world

  async clipboard(): Promise<string> {
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  /**
   * Changes a user setting as a person does who knows its key: in settings.json, inside the window. Writing the file
   * from outside is not enough, because the older editor does not notice it.
   */
  async setSetting(key: string, value: unknown): Promise<void> {
    const settings = JSON.parse(await readFile(this.host.userSettingsFile, 'utf8')) as Record<
      string,
      unknown
    >;
    const name = 'settings.json';
    await this.runCommand('Preferences: Open User Settings (JSON)');
    await this.untilActive(name);
    await this.press('Control+a');
    await this.page.keyboard.insertText(JSON.stringify({ ...settings, [key]: value }, undefined, 2));
    await this.untilDirty(name, true);
    await this.save();
    await this.untilDirty(name, false);
    await this.runCommand('View: Close Editor');
    await this.until({
      what: `end of the tab ${name}`,
      read: () => this.tabs(),
      accept: (tabs) => !tabs.some((tab) => tab.name === name),
    });
  }

  async setTheme(theme: Theme): Promise<void> {
    const { name, css } = themes[theme];
    await this.setSetting('workbench.colorTheme', name);
    await this.page.locator(`${selectors.workbench}.${css}`).first().waitFor();
  }

  /** Milliseconds that an extension took to load and to activate, as the editor itself counts them. */
  async activationOf(extension: string): Promise<number> {
    await this.runCommand('Developer: Show Running Extensions');
    const rows = await this.until({
      what: `activation time of ${extension}`,
      read: () => readings.readRunningExtensions(this.page),
      accept: (all) => all.some(({ name, ms }) => name === extension && ms !== undefined),
    });
    return rows.find(({ name }) => name === extension)?.ms ?? NaN;
  }

  /** A picture in the output folder, once nothing moves in it; gives its path. */
  async screenshot(name: string): Promise<string> {
    const file = `${name.replaceAll(/[^\w.-]+/g, '-')}-${this.host.edition.vscode}.png`;
    const path = join(await outputFolder(), file);
    await this.page.evaluate(
      'Promise.allSettled(document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished))',
    );
    await this.page.screenshot({ path });
    return path;
  }

  private async ready(): Promise<void> {
    await this.page.locator(selectors.workbench).first().waitFor();
  }

  private explorerRowElement(name: string): Locator {
    return this.page.locator(selectors.explorerRow).and(this.page.getByLabel(name, { exact: true }));
  }
}

function matches(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}
