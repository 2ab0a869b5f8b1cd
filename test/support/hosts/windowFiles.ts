import type { Locator } from 'playwright-core';
import * as readings from './readings';
import type { ExplorerRow, Tab } from './readings';
import { selectors } from './selectors';
import { WindowKeys } from './windowKeys';

/** The explorer and the editors of a window. */
export class WindowFiles extends WindowKeys {
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

  /** Moves into a folder of the explorer by cut and paste; does not wait for the outcome. */
  async moveRow(name: string, folder: string): Promise<void> {
    await this.clickRow(name);
    await this.press('Control+x');
    // What is cut goes to the clipboard after the key, and a paste before that pastes nothing.
    await this.explorerRowElement(name).locator(selectors.explorerCut).waitFor();
    await this.clickRow(folder);
    await this.press('Control+v');
  }

  /** Folds out the folder that has the focus, by the key that never folds in what the editor itself has folded out. */
  async unfoldRow(name: string): Promise<void> {
    await this.until({
      what: `folder ${name} folded out`,
      read: async () => {
        const isUnfolded = (await this.explorerRowElement(name).getAttribute('aria-expanded')) === 'true';
        if (!isUnfolded) await this.press('ArrowRight');
        return isUnfolded;
      },
      accept: (isUnfolded) => isUnfolded,
    });
  }

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

  titleActions(): Promise<readonly string[]> {
    return readings.readTitleActions(this.page);
  }

  private explorerRowElement(name: string): Locator {
    return this.page.locator(selectors.explorerRow).and(this.page.getByLabel(name, { exact: true }));
  }
}
