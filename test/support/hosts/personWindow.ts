import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { watchExternalLinks } from './externalLinks';
import { outputFolder } from './paths';
import { ownPlace, type Place } from './places';
import { QuickInput, type Prompt } from './quickInput';
import * as readings from './readings';
import type { QuickPickItem } from './readings';
import { selectors } from './selectors';
import { settingsKey, type EditorHost, type HostOptions } from './server';
import { patience, watchChanges } from './until';
import { WindowViews } from './windowViews';

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
export class PersonWindow extends WindowViews {
  readonly quickInput: QuickInput;
  /** Addresses that the window handed to the system: `mailto:`, `https:` ... */
  readonly externalLinks: string[] = [];
  private isClosed = false;

  constructor(
    readonly host: EditorHost,
    page: Page,
    private readonly closeAll: () => Promise<void>,
  ) {
    super(page);
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
   * Changes user settings in their file, and waits until the window has taken them up. No editor of the tests watches
   * the file; a window reads it again when it changes a setting itself, as the key has it do.
   */
  async setSettings(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const { userSettingsFile } = this.host;
    const before = JSON.parse(await readFile(userSettingsFile, 'utf8')) as Record<string, unknown>;
    const title = `Settings ${randomUUID()}`;
    // The title shows that the window has read them all; its extensions are told before.
    const after = { ...before, ...changes, 'window.title': title };
    await writeFile(userSettingsFile, JSON.stringify(after, undefined, 2));
    await this.press(settingsKey);
    await this.until({
      what: 'the title that the settings give',
      read: () => this.page.title(),
      accept: (shown) => shown === title,
    });
  }

  async setTheme(theme: Theme): Promise<void> {
    const { name, css } = themes[theme];
    await this.setSettings({ 'workbench.colorTheme': name });
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
    // Not Playwright's own, which hides the caret in every frame and packs the picture as small as it can.
    const session = await this.page.context().newCDPSession(this.page);
    const { data } = await session.send('Page.captureScreenshot', { optimizeForSpeed: true });
    await session.detach();
    await writeFile(path, data, 'base64');
    return path;
  }

  private async ready(): Promise<void> {
    await this.page.locator(selectors.workbench).first().waitFor();
  }
}
