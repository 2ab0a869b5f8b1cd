// The window ring runs once for each editor; this is what one of these runs was told.
import { editions } from './editions';
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

/** Opens a window of the editor under test with the extension installed. Windows that a test leaves open are closed for it. */
export async function openWindow(options: Omit<WindowOptions, 'edition' | 'vsix'>): Promise<PersonWindow> {
  const vscode = process.env[windowVariables.vscode];
  const edition = editions.find((one) => one.vscode === vscode);
  const vsix = process.env[windowVariables.vsix];
  if (!edition || vsix === undefined) throw new Error('Window tests are run by `npm test -- window`');
  const { folder, ...rest } = options;
  const place = await sharedPlace({ ...rest, edition, vsix });
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

/** The folder of a server as the window opens it: `dav:` for http, `davs:` for https. */
export function folderOf(url: string): string {
  return url.replace(/^http/, 'dav');
}
