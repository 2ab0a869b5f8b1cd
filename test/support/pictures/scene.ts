// The scenes of the story, each with a look at what is new in it.
import type { FrameLocator, Locator } from 'playwright-core';
import type { Colleague } from '../colleague';
import type { PersonWindow } from '../hosts/personWindow';
import { selectors } from '../hosts/selectors';
import { openStep, openWalkthrough } from '../hosts/walkthrough';
import { type Shot, textColors } from './picture';

/** Something to see, and what of it the picture of the README shows, if there is one. */
export type Look = (name: string, window: PersonWindow, shot?: Shot) => Promise<void>;

const owner = 'Ann Lee <mailto:ann.lee@example.com>';
const file = 'report.md';

export class Scene {
  constructor(
    private readonly window: PersonWindow,
    private readonly look: Look,
    private readonly ann: Colleague,
  ) {}

  private see(name: string, shot?: Shot): Promise<void> {
    return this.look(name, this.window, shot);
  }

  private part(selector: string): Locator {
    return this.window.page.locator(selector).first();
  }

  async open(): Promise<void> {
    const { window } = this;
    await window.runCommand('Locks: Open Remote Folder…');
    await window.quickPickItems();
    await this.see('pick');
    await window.pick('Enter an Address…');
    await window.prompt();
    await window.page.locator(selectors.quickInputBox).fill('https://files.example.org/bakery/');
    await this.see('open');
    await window.press('Escape');
    await window.page.locator(selectors.quickInput).waitFor({ state: 'hidden' });
  }

  async holder(): Promise<void> {
    const { window } = this;
    await window.explorerRow(file, ({ badge }) => badge === 'L');
    await this.hoverFile();
    await this.see('see', {
      at: this.part('.part.activitybar'),
      ...{ width: 472, height: 231 },
      window: { width: 480, height: 480 },
      again: async () => {
        await window.page.mouse.move(0, 0);
        await this.part('.workbench-hover').waitFor({ state: 'hidden' });
        await this.hoverFile();
      },
    });
    await window.openFile(file);
    await window.statusBarItem(/Ann Lee/);
    await window.viewRows('Locks');
    await this.see('open-file');
    // Back into the text.
    await window.press('Control+1');
  }

  private async hoverFile(): Promise<void> {
    const { page } = this.window;
    await page
      .locator(selectors.explorerRow)
      .and(page.getByLabel(file, { exact: true }))
      .hover();
    await this.part('.workbench-hover').waitFor();
  }

  async blocked(): Promise<void> {
    const { window } = this;
    await window.untilActive(file);
    await window.press('Control+End');
    await window.type('- A card for regulars: the tenth loaf is free\n');
    await window.until({
      what: 'the line above the text',
      read: () => window.codeLenses(),
      accept: (all) => all.length > 0,
    });
    await window.save();
    await window.toast(/Failed to save/);
    await this.see('save', { at: this.part(selectors.toast), colors: textColors });
    await window.clickLink('More…');
    await window.quickPickItems();
    await this.see('more');
    await window.press('Escape');
  }

  async ask(): Promise<void> {
    const { window } = this;
    await window.runCommand('Locks: Ask Lock Holder…');
    await window.quickPickItems();
    await this.see('ask');
    await window.press('Escape');
  }

  async explain(): Promise<void> {
    const { window } = this;
    await window.clickLink('More…');
    await window.pick('Explain');
    const page: FrameLocator = window.page.frameLocator('iframe.webview').last().frameLocator('iframe');
    await page.getByText('is editing this file.').waitFor();
    await this.see('explain');
    await window.runCommand('View: Close Editor');
  }

  async wait(): Promise<void> {
    const { window, ann } = this;
    await window.press('Control+1');
    await window.untilActive(file);
    await window.clickCodeLens('Save When Free');
    await window.toast(/will be saved when/);
    await window.explorerRow(file, ({ badge }) => badge === 'W');
    await this.see('waiting');
    await ann.unlock(file);
    await window.untilDirty(file, false);
    await window.statusBarItem(/Saved report.md/);
    await window.viewRows('Locks', (rows) => rows.every(({ name }) => name !== file));
    await this.see('saved', {});
  }

  async conflict(): Promise<void> {
    const { window, ann } = this;
    await ann.lock(file, { owner, timeout: 'Second-3600' });
    await window.press('Control+1');
    await window.untilActive(file);
    await window.press('Control+End');
    await window.type('- Rye with caraway on Fridays\n');
    await window.save();
    await window.toast(/Failed to save/);
    await window.runCommand('Locks: Save When Free');
    await ann.put(file, (await ann.get(file)).replace('four percent', 'five percent'));
    await ann.unlock(file);
    await window.until({
      what: 'a comparison',
      read: () => window.tabs(),
      accept: (tabs) => tabs.filter(({ name }) => name === file).length === 2,
    });
    await this.see('conflict');
    await window.runCommand('View: Close All Editors');
    await window.answerDialog("Don't Save");
  }

  /** What VS Code itself shows of the extension. */
  async product(): Promise<void> {
    const { window } = this;
    await window.page.mouse.move(0, 0);
    await window.narrowSideBar();
    await window.viewRows('Locks');
    await this.see('narrow');
    await this.walkthrough();
    await window.runCommand('Preferences: Open Settings (UI)');
    await this.part('.settings-editor').waitFor();
    await window.type('@ext:lock-status.lock-status');
    await window.page.getByText('Lock On').first().waitFor();
    await this.see('settings');
    await window.runCommand('View: Close All Editors');
    await window.runCommand('Extensions: Show Installed Extensions');
    await window.page.locator('.extension-list-item').getByText('Lock Status').first().click();
    await this.part('.extension-editor').waitFor();
    const page = window.page.frameLocator('iframe.webview').last().frameLocator('iframe');
    await page.getByRole('heading', { name: 'Lock Status' }).waitFor();
    await this.see('details');
  }

  private async walkthrough(): Promise<void> {
    const { window } = this;
    const steps = await openWalkthrough(window);
    for (let at = 0; at < steps; at++) {
      await openStep(window, at);
      await this.see(`walkthrough-${at + 1}`);
    }
    await window.runCommand('View: Close All Editors');
  }
}
