import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { discard, recordGroup, scratchFolder } from '../servers/scratch';
import { onlyBuiltIn } from './builtInExtensions';
import type { Edition } from './editions';
import { endExtensionHosts } from './extensionHosts';
import { ensureEditor, type InstalledEditor } from './install';
import { endGroup, runOrThrow } from './processes';

export interface HostOptions {
  readonly edition: Edition;
  /** Installed as a person would install it. */
  readonly vsix?: string;
  /** Other extensions to install beside it. */
  readonly beside?: readonly string[];
  /** User settings, over the quiet ones of every run. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the editor, which the extension host inherits. */
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Those of the editor's own extensions that it has; all of them without. */
  readonly builtIn?: readonly string[];
  /** The editor's language and what writes its texts into the installed extension; English without. */
  readonly language?: { readonly id: string; write(extension: string): void };
}

/** One running VS Code server with folders of its own. */
export interface EditorHost {
  readonly edition: Edition;
  readonly origin: string;
  readonly port: number;
  readonly pid: number | undefined;
  readonly userSettingsFile: string;
  /** What the server printed, without its known harmless complaints. */
  readonly log: readonly string[];
  /** Makes it as new for the next person, with other settings. No window may be open. */
  renew(settings: HostOptions['settings']): Promise<void>;
  stop(): Promise<void>;
}

const quietSettings: Readonly<Record<string, unknown>> = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'security.workspace.trust.enabled': false,
  'workbench.editor.useModal': 'off',
  'git.enabled': false,
  // In a browser VS Code saves by itself unless told; on the desktop it does not.
  'files.autoSave': 'off',
  // What a test types is what stands in the file.
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.autoIndent': 'none',
  'editor.autoSurround': 'never',
  // Nothing moves in a screenshot.
  'editor.cursorBlinking': 'solid',
  'workbench.reduceMotion': 'on',
};

/** Has a window change a setting that no test is about, and with it read them all again. */
export const settingsKey = 'Control+Alt+F9';

const keys = [{ key: 'ctrl+alt+f9', command: 'editor.action.toggleRenderControlCharacter' }];

export async function startHost(options: HostOptions): Promise<EditorHost> {
  const editor = await ensureEditor(options.edition);
  const folder = scratchFolder('editor');
  const folders = {
    data: join(folder, 'data'),
    extensions: join(folder, 'extensions'),
    home: join(folder, 'home'),
  };
  const user = join(folders.data, 'data/User');
  const userSettingsFile = join(user, 'settings.json');
  const putSettings = async (settings: HostOptions['settings']): Promise<void> => {
    await mkdir(user, { recursive: true });
    await writeFile(userSettingsFile, JSON.stringify({ ...quietSettings, ...settings }, undefined, 2));
    await writeFile(join(user, 'keybindings.json'), JSON.stringify(keys));
  };
  await putSettings(options.settings);
  await mkdir(folders.extensions);
  await mkdir(folders.home);
  if (options.vsix !== undefined) await installExtension(editor, options.vsix, folders);
  for (const other of options.beside ?? []) await installExtension(editor, other, folders);
  options.language?.write(await installed(folders.extensions));

  const args = [...serverArgs(folders), ...(options.args ?? [])];
  if (options.builtIn !== undefined)
    args.push('--builtin-extensions-dir', await onlyBuiltIn(editor, options.builtIn, folder));
  const child = spawn(editor.node, [editor.serverMain, ...args], {
    // A home of its own, because the editor looks there for what other programs have left; and no marketplace.
    env: { ...process.env, HOME: folders.home, EXTENSIONS_GALLERY: '{}', ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  recordGroup(folder, child.pid);
  const log: string[] = [];
  const renew = async (settings: HostOptions['settings']): Promise<void> => {
    await endExtensionHosts(child.pid);
    await rm(user, { recursive: true, force: true, maxRetries: 5 });
    await putSettings(settings);
  };
  const stop = async (): Promise<void> => {
    await endGroup(child);
    recordGroup(folder, undefined);
    discard(folder);
  };
  try {
    const port = await listening(child, log);
    const origin = `http://127.0.0.1:${port}`;
    return { edition: options.edition, origin, port, pid: child.pid, userSettingsFile, log, renew, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Folders {
  readonly data: string;
  readonly extensions: string;
  readonly home: string;
}

function serverArgs(folders: Folders): string[] {
  return [
    ...['--host', '127.0.0.1', '--port', '0'],
    ...['--server-data-dir', folders.data, '--extensions-dir', folders.extensions],
    ...['--without-connection-token', '--accept-server-license-terms', '--disable-workspace-trust'],
    ...['--telemetry-level', 'off'],
  ];
}

async function installExtension(editor: InstalledEditor, vsix: string, folders: Folders): Promise<void> {
  await runOrThrow(editor.node, [
    editor.serverMain,
    ...['--install-extension', vsix, '--force'],
    ...['--server-data-dir', folders.data, '--extensions-dir', folders.extensions],
  ]);
}

/** The folder of the extension that is installed there. */
async function installed(extensions: string): Promise<string> {
  const name = (await readdir(extensions)).find((entry) => entry.startsWith('lock-status.'));
  if (name === undefined) throw new Error(`No extension in ${extensions}`);
  return join(extensions, name);
}

const readyLine = /Extension host agent listening on (\d+)/;
// Parts that are compiled at installation, which the editor does without here, and the traces that follow.
const harmless =
  /spdlog|native-watchdog|sqlite3|vsda|bindings file|^\s+(at|tries:|→|\])|Require stack|^\s*- \/|^(\[[\d:]+\])?\s*$|MODULE_NOT_FOUND|^[{}]/;

async function listening(child: ChildProcess, log: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The editor ended with ${code}:\n${log.join('\n')}`)));
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        const port = readyLine.exec(line)?.[1];
        if (port !== undefined) resolve(Number(port));
        if (!harmless.test(line)) log.push(line);
      });
    }
  });
}
