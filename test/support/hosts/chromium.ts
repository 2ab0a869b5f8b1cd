import { existsSync } from 'node:fs';
import { chromium, type BrowserContext } from 'playwright-core';
import { ensureDebianPackages } from '../debian';
import { discard, scratchFolder } from '../servers/scratch';

const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  // The editor asks for so many stack traces that to compile its scripts again for each costs more than to keep them.
  '--js-flags=--no-enable-lazy-source-positions',
  // In place of Playwright's list, of which it keeps what a page could notice. While scripts are fetched in the
  // background, the browser compiles the largest ones at each load, although it has kept them compiled.
  '--disable-features=BackgroundResourceFetch,PaintHolding,ThirdPartyStoragePartitioning,HttpsUpgrades,MediaRouter,OptimizationHints,DestroyProfileOnBrowserClose',
  // The editor is on this machine; whatever else its page asks for stays here.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

export interface OpenBrowser {
  readonly context: BrowserContext;
  /** Closes all pages and forgets what those of one origin have left, but for what the browser has compiled of them. */
  renew(origin: string): Promise<void>;
  close(): Promise<void>;
}

/** A fresh browser with a profile of its own; `$CHROMIUM` names another than Debian's. */
export async function openBrowser(): Promise<OpenBrowser> {
  const profile = scratchFolder('browser');
  try {
    // On the disk, because only there it keeps the compiled scripts of the editor from one window to the next.
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: executable(),
      args: flags,
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await context.addInitScript({ content: mintKey });
    const close = async (): Promise<void> => {
      await context.close();
      discard(profile);
    };
    return { context, renew: (origin) => renew(context, origin), close };
  } catch (error) {
    discard(profile);
    throw error;
  }
}

// Secrets outlive a reload only if the page gets a key from code-server's own entry, which the hosts do without.
// Inside the page, because a browser whose requests are answered by the test keeps no scripts.
const mintKey = `
  const ask = window.fetch;
  window.fetch = (what, how) =>
    String(what?.url ?? what).endsWith('/mint-key')
      ? Promise.resolve(new Response(new Uint8Array(32).fill(107)))
      : ask(what, how);
`;

/** All that a page can leave behind, except what the browser's own cache has. */
const storageTypes = 'cookies,indexeddb,local_storage,cache_storage,service_workers,file_systems,websql';

async function renew(context: BrowserContext, origin: string): Promise<void> {
  const pages = context.pages();
  const blank = await context.newPage();
  for (const page of pages) await page.close();
  await context.clearCookies();
  const session = await context.newCDPSession(blank);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes });
}

function executable(): string {
  const named = process.env['CHROMIUM'];
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM names ${named}, which is not there`);
    return named;
  }
  // The browser without a frame of its own costs a tenth less.
  const name = 'chromium-headless-shell';
  const file = `/usr/bin/${name}`;
  const installed = ensureDebianPackages([{ package: name, file }]);
  if (!installed.ok) throw new Error(`No browser for the editor's window: ${installed.why}`);
  return file;
}
