// Times by the page's own clock: what a person waits for, without the way from the page to the bench.
import type { Page } from 'playwright-core';
import { selectors } from '../../support/hosts/selectors';

const watch = '__benchWatch';
const firstRow = '__benchFirstRow';
const everything = '{ attributes: true, characterData: true, childList: true, subtree: true }';

/** Notes when the explorer of each page that is opened from now on has its first row. */
export async function watchFirstRow(page: Page): Promise<void> {
  const content = `
    window.${firstRow} = new Promise((seen) => {
      const observer = new MutationObserver(() => {
        if (!document.querySelector(${JSON.stringify(selectors.explorerRow)})) return;
        observer.disconnect();
        seen(performance.now());
      });
      observer.observe(document, ${everything});
    });`;
  await page.addInitScript({ content });
}

/** Milliseconds from the beginning of the page to the first row of its explorer. */
export function firstRowMs(page: Page): Promise<number> {
  return page.evaluate<number>(`window.${firstRow}`);
}

/**
 * Presses keys and gives the milliseconds from the last of them to the first change of the page after which the
 * condition, an expression in JavaScript, is true.
 */
export async function msAfter(page: Page, keys: string, condition: string): Promise<number> {
  await page.evaluate(`window.${watch} = new Promise((seen) => {
    let start;
    const press = ({ key }) => {
      if (key !== 'Control') start ??= performance.now();
    };
    const observer = new MutationObserver(() => {
      if (start === undefined || !(${condition})) return;
      observer.disconnect();
      removeEventListener('keydown', press, true);
      seen(performance.now() - start);
    });
    addEventListener('keydown', press, true);
    observer.observe(document, ${everything});
  }), undefined`);
  await page.keyboard.press(keys);
  return page.evaluate<number>(`window.${watch}`);
}

export const isClean = (name: string): string =>
  `!document.querySelector(${JSON.stringify(`${selectors.tab}[data-resource-name="${name}"]`)}).classList.contains('dirty')`;

export const hasToast = (text: string): string =>
  `[...document.querySelectorAll(${JSON.stringify(selectors.toastMessage)})].some((one) => one.textContent.includes(${JSON.stringify(text)}))`;
