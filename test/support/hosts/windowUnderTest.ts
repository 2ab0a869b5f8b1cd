// The window ring runs once for each editor; this is what one of these runs was told.
import { lookAndLanguages } from './builtInExtensions';
import { editions, type Edition } from './editions';
import { plainLook } from './plainLook';
import { openWindowAt, type PersonWindow, type WindowOptions } from './personWindow';
import { sharedPlace } from './places';

export const windowVariables = {
  vscode: 'LOCK_STATUS_TEST_WINDOW_VSCODE',
  vsix: 'LOCK_STATUS_TEST_WINDOW_VSIX',
} as const;

let look: ((window: PersonWindow) => Promise<void>) | undefined;

/** Has every window looked at before it closes. */
export function lookBeforeClose(how: (window: PersonWindow) => Promise<void>): void {
  look = how;
}

/** Like those of any window; `asksForTrust` leaves the question to the person whom the test plays. */
export interface TestWindowOptions extends Omit<WindowOptions, 'edition' | 'vsix'> {
  readonly asksForTrust?: boolean;
}

/**
 * Opens a window of the editor under test with the extension installed. Windows that a test leaves open are closed for
 * it. The server of the folder is trusted unless the test says otherwise, so that no test meets a question that is not
 * its own.
 */
export async function openWindow({
  asksForTrust = false,
  folder,
  ...options
}: TestWindowOptions): Promise<PersonWindow> {
  const settings = { ...plainLook, ...(!asksForTrust && trusting(folder)), ...options.settings };
  const vscode = process.env[windowVariables.vscode];
  const edition = editions.find((one) => one.vscode === vscode);
  const vsix = process.env[windowVariables.vsix];
  if (!edition || vsix === undefined) throw new Error('Window tests are run by `npm test -- window`');
  const place = await sharedPlace({ ...options, ...builtInOf(edition), settings, edition, vsix });
  const opened: { window?: PersonWindow } = {};
  const leave = async (): Promise<void> => {
    try {
      if (opened.window) await look?.(opened.window);
    } finally {
      await place.leave();
    }
  };
  opened.window = await openWindowAt({ ...place, leave }, folder);
  return opened.window;
}

/**
 * The oldest edition has all of its own extensions, like the editor tests in both. In the latest one, in which most
 * windows open, those that no test looks at are left out: they cost a third of what a window costs.
 */
function builtInOf(edition: Edition): Pick<WindowOptions, 'builtIn'> {
  return edition === editions[0] ? {} : { builtIn: lookAndLanguages };
}

function trusting(folder: string | undefined): TestWindowOptions['settings'] {
  if (folder === undefined) return {};
  const connection = { name: 'Test', url: folder.replace(/^dav/, 'http'), trusted: true };
  return { 'lockStatus.connections': [connection] };
}

/** The folder of a server as the window opens it: `dav:` for http, `davs:` for https. */
export function folderOf(url: string): string {
  return url.replace(/^http/, 'dav');
}
