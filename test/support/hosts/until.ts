import type { Page } from 'playwright-core';
import { selectors } from './selectors';

/** How long a window may take to show what a test waits for: generous, because the machine may be busy. */
export const patience = 60_000;

const counter = '__changesSeen';

// Counts every change of the window's contents, so that a wait ends with the change that it waits for.
const watchScript = `
  window.${counter} = 0;
  new MutationObserver(() => { window.${counter} += 1; })
    .observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
`;

export async function watchChanges(page: Page): Promise<void> {
  await page.addInitScript({ content: watchScript });
}

export interface Expected<T> {
  /** What is waited for, in words for the failure. */
  readonly what: string;
  readonly read: () => Promise<T>;
  readonly accept: (value: T) => boolean;
}

/** Reads again after every change in the window until the value is accepted. */
export async function until<T>(page: Page, expected: Expected<T>): Promise<T> {
  const giveUp = performance.now() + patience;
  for (;;) {
    const seen = await steady(page, () => page.evaluate<number>(`window.${counter}`));
    const value = await steady(page, expected.read);
    if (expected.accept(value)) return value;
    const remaining = giveUp - performance.now();
    const changed = remaining > 0 && (await changesAfter(page, seen, remaining));
    if (!changed) throw new Error(`No ${expected.what}; the last seen was ${JSON.stringify(value)}`);
  }
}

async function changesAfter(page: Page, seen: number, timeout: number): Promise<boolean> {
  try {
    await steady(page, () => page.waitForFunction(`window.${counter} !== ${seen}`, undefined, { timeout }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return false;
    throw error;
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
