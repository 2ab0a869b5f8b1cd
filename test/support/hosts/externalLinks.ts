import type { Page } from 'playwright-core';

/** Notes every address that the page wants opened outside the editor, without opening it. */
export async function watchExternalLinks(page: Page, seen: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.enable');
  session.on('Page.windowOpen', ({ url }) => seen.push(url));
  // `mailto:` and the like are asked for as a navigation, which the browser has no program for.
  session.on('Page.frameRequestedNavigation', ({ url }) => {
    if (!/^(https?|about|blob|data):/.test(url)) seen.push(url);
  });
}
