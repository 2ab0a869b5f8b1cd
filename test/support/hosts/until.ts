import type { Page } from 'playwright-core';
import { selectors } from './selectors';

/** How long a window may take to show what a test waits for: generous, because the machine may be busy. */
export const patience = 60_000;

const nextChange = '__nextChange';

/**
 * Tells a wait inside the page of the next change of the window's contents, once the window has time: to read all of
 * it while it still builds itself up only keeps it from that. What a test reads elsewhere, on a server or on the disk,
 * changes nothing in the window, so a wait also ends by itself after a while.
 */
const watchScript = `{
  // Of this page alone: another one that comes in its place has changed in any case.
  const page = Math.random();
  const waiting = new Set();
  let changes = 0;
  new MutationObserver(() => {
    changes += 1;
    for (const come of waiting) come();
  }).observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
  const state = () => page + ':' + changes;
  window.${nextChange} = async (seen) => {
    if (seen === state())
      await new Promise((come) => {
        waiting.add(come);
        setTimeout(come, 500);
      });
    waiting.clear();
    if (seen === undefined) return state();
    // A change seldom comes alone, and each look costs the window as much as many changes.
    await new Promise((come) => setTimeout(come, 40));
    await new Promise((come) => requestIdleCallback(come, { timeout: 200 }));
    return state();
  };
}`;

export async function watchChanges(page: Page): Promise<void> {
  await page.addInitScript({ content: watchScript });
}

export interface Expected<T> {
  /** What is waited for, in words for the failure. */
  readonly what: string;
  readonly read: () => Promise<T>;
  readonly accept: (value: T) => boolean;
}

/** Reads again after changes in the window until the value is accepted. */
export async function until<T>(page: Page, expected: Expected<T>): Promise<T> {
  const giveUp = performance.now() + patience;
  let seen: string | undefined;
  for (;;) {
    const now: string = await steady(page, () => page.evaluate(`${nextChange}(${JSON.stringify(seen)})`));
    const value = await steady(page, expected.read);
    if (expected.accept(value)) return value;
    if (performance.now() > giveUp)
      throw new Error(`No ${expected.what}; the last seen was ${JSON.stringify(value)}`);
    seen = now;
  }
}

/** Opening another folder replaces the page, and what was being read with it: then it is read again in the new one. */
async function steady<T>(page: Page, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (page.isClosed() || (error instanceof Error && error.name === 'TimeoutError')) throw error;
    await page.locator(selectors.workbench).first().waitFor();
    return read();
  }
}
