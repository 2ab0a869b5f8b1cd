import type { Locator } from 'playwright-core';
import * as readings from './readings';
import type { ViewRow } from './readings';
import { selectors } from './selectors';
import { WindowMessages } from './windowMessages';

/** As much of an element as is read in the page. */
interface ShownText {
  readonly scrollWidth: number;
  readonly clientWidth: number;
  readonly innerText: string;
}

/** A narrow side bar, as on a small screen. */
const narrow = 225;

/** The views in the side bar of a window; its commands are what brings the keyboard there. */
export abstract class WindowViews extends WindowMessages {
  abstract runCommand(title: string): Promise<void>;

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

  async narrowSideBar(): Promise<void> {
    const { page } = this;
    const box = await page.locator(selectors.sideBar).first().boundingBox();
    if (!box) throw new Error('No side bar');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width, y);
    await page.mouse.down();
    await page.mouse.move(box.x + narrow, y, { steps: 5 });
    await page.mouse.up();
  }

  /** The rows of the side bar whose text is cut. */
  cutRows(): Promise<readonly string[]> {
    return this.page
      .locator(`${selectors.sideBar} ${selectors.viewRow} ${selectors.rowText}`)
      .evaluateAll((texts: readonly ShownText[]) =>
        texts.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.innerText),
      );
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
}
