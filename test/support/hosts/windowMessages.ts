import * as readings from './readings';
import type { StatusBarItem, Toast } from './readings';
import { selectors } from './selectors';
import { WindowFiles } from './windowFiles';
import { matches } from './windowKeys';

/** What a window tells: its messages, its dialogs and its status bar. */
export class WindowMessages extends WindowFiles {
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

  /** The explorer can lose a key that comes while it still draws what was changed before. */
  async pressUntilAsked(keys: string): Promise<void> {
    const asked = this.page.locator(selectors.dialog);
    const isAsked = () =>
      asked.waitFor({ timeout: 10_000 }).then(
        () => true,
        () => false,
      );
    do await this.press(keys);
    while (!(await isAsked()) && !this.page.isClosed());
  }

  async answerDialog(button: string): Promise<void> {
    const dialog = await this.page.locator(selectors.dialog).elementHandle();
    await this.page.locator(selectors.dialogButton).getByText(button, { exact: true }).click();
    // The next dialog may be there at once: only this one has to go.
    await dialog?.waitForElementState('hidden');
  }

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

  async untilNoStatusBarItem(text: string | RegExp): Promise<void> {
    await this.until({
      what: `end of the status bar item ${String(text)}`,
      read: () => this.statusBarItems(),
      accept: (all) => !all.some((one) => matches(one.text, text)),
    });
  }

  async clickStatusBarItem(text: string | RegExp): Promise<void> {
    await this.page.locator(selectors.statusBarItem).filter({ hasText: text }).first().click();
  }
}
