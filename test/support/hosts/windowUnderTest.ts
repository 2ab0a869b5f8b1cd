// The window ring runs once for each editor; this is what one of these runs was told.
import { editions } from './editions';
import { openPersonWindow, type PersonWindow, type WindowOptions } from './personWindow';

export const windowVariables = {
  vscode: 'LOCK_STATUS_TEST_WINDOW_VSCODE',
  vsix: 'LOCK_STATUS_TEST_WINDOW_VSIX',
} as const;

/** Like those of any window; `asksForTrust` leaves the question to the person whom the test plays. */
export interface TestWindowOptions extends Omit<WindowOptions, 'edition' | 'vsix'> {
  readonly asksForTrust?: boolean;
}

/**
 * Opens a window of the editor under test with the extension installed. Windows that a test leaves open are closed for
 * it. The server of the folder is trusted unless the test says otherwise, so that no test meets a question that is not
 * its own.
 */
export function openWindow({ asksForTrust = false, ...options }: TestWindowOptions): Promise<PersonWindow> {
  const settings = { ...(!asksForTrust && trusting(options.folder)), ...options.settings };
  const vscode = process.env[windowVariables.vscode];
  const edition = editions.find((one) => one.vscode === vscode);
  const vsix = process.env[windowVariables.vsix];
  if (!edition || vsix === undefined) throw new Error('Window tests are run by `npm test -- window`');
  return openPersonWindow({ ...options, settings, edition, vsix });
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
