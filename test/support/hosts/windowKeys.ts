import type { Page } from 'playwright-core';
import { until, type Expected } from './until';

/** A window that one can wait for and type into. */
export class WindowKeys {
  constructor(readonly page: Page) {}

  /** Waits until a reading of the window is as expected; the way to wait for anything that has no verb here. */
  until<T>(expected: Expected<T>): Promise<T> {
    return until(this.page, expected);
  }

  /** Types into whatever has the focus. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys);
  }
}

export function matches(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}
