import { existsSync } from 'node:fs';
import { chromium, type BrowserContext } from 'playwright-core';
import { ensureDebianPackages } from '../debian';

const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  // The editor is on this machine; whatever else its page asks for stays here.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

export interface OpenBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** A fresh browser with a profile of its own; `$CHROMIUM` names another than Debian's. */
export async function openBrowser(): Promise<OpenBrowser> {
  const browser = await chromium.launch({ executablePath: executable(), args: flags });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  // Secrets outlive a reload only if the page gets a key from code-server's own entry, which the hosts do without.
  await context.route('**/mint-key', (route) => route.fulfill({ body: Buffer.alloc(32, 'k') }));
  return { context, close: () => browser.close() };
}

function executable(): string {
  const named = process.env['CHROMIUM'];
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM names ${named}, which is not there`);
    return named;
  }
  const installed = ensureDebianPackages([{ package: 'chromium', file: '/usr/bin/chromium' }]);
  if (!installed.ok) throw new Error(`No browser for the editor's window: ${installed.why}`);
  return '/usr/bin/chromium';
}
