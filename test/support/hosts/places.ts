// Where windows open. The windows of a run follow one another in one editor and one browser, as new for each.
import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext } from 'playwright-core';
import { openBrowser, type OpenBrowser } from './chromium';
import { startHost, type EditorHost, type HostOptions } from './server';

/** An editor and a browser, for one person. */
export interface Place {
  readonly host: EditorHost;
  readonly context: BrowserContext;
  /** Ends all that the person has open. */
  leave(): Promise<void>;
}

interface Pair {
  readonly host: EditorHost;
  readonly browser: OpenBrowser;
}

/** The pair that is kept for one person after the other. */
let kept: Pair | undefined;
let isTaken = false;

/** An editor and a browser that nobody else has, before or after. */
export async function ownPlace(options: HostOptions): Promise<Place> {
  const pair = await startPair(options);
  return { host: pair.host, context: pair.browser.context, leave: () => endPair(pair) };
}

/** The editor and the browser that are kept, as new; a pair of their own for who comes while these are taken. */
export async function sharedPlace(options: HostOptions): Promise<Place> {
  const isSpecial = [options.env, options.args, options.language].some((one) => one !== undefined);
  if (isTaken || isSpecial) return ownPlace(options);
  isTaken = true;
  try {
    const pair = (kept ??= await startPair(options));
    await pair.host.renew(options.settings);
    const leave = async (): Promise<void> => {
      await makeNew(pair);
      isTaken = false;
    };
    return { host: pair.host, context: pair.browser.context, leave };
  } catch (error) {
    isTaken = false;
    throw error;
  }
}

/** Milliseconds for a browser to close its pages. */
const renewalMs = 30_000;

/** What cannot be made as new is not kept. */
async function makeNew(pair: Pair): Promise<void> {
  const late = new AbortController();
  const tooLate = pause(renewalMs, undefined, { signal: late.signal }).then(() => {
    throw new Error(`not within ${renewalMs / 1000} s`);
  });
  try {
    await Promise.race([pair.browser.renew(pair.host.origin), tooLate]);
    await pair.host.renew({});
  } catch (error) {
    console.log(`The editor and the browser cannot be used again: ${String(error)}`);
    kept = undefined;
    await endPair(pair);
  } finally {
    late.abort();
    await tooLate.catch(() => undefined);
  }
}

/** Ends what is kept. */
export async function closePlaces(): Promise<void> {
  const pair = kept;
  kept = undefined;
  if (pair) await endPair(pair);
}

async function startPair(options: HostOptions): Promise<Pair> {
  const host = await startHost(options);
  try {
    const browser = await openBrowser();
    if (options.language)
      await browser.context.addInitScript({ content: languageScript(options.language.id) });
    return { host, browser };
  } catch (error) {
    await host.stop();
    throw error;
  }
}

/** As the editor learns its language, which a browser's editor takes from a server for translations. */
function languageScript(language: string): string {
  return `globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};`;
}

async function endPair({ host, browser }: Pair): Promise<void> {
  await browser.close();
  await host.stop();
}
