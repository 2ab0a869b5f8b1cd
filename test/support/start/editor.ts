// The editor of the demonstration: an installed VS Code where there is one, else the same workbench in the browser.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Edition, editions } from '../hosts/editions';
import { ensureEditor } from '../hosts/install';
import { runOrThrow } from '../hosts/processes';
import { startHost } from '../hosts/server';
import { discard, scratchFolder } from '../servers/scratch';
import { openFrontDoor } from './frontDoor';
import { step } from './progress';

export interface Editor {
  /** What the person does to see it, in a sentence. */
  readonly howToSee: string;
  stop(): Promise<void>;
}

export async function openEditor(folder: string, vsix: string, browser: boolean): Promise<Editor> {
  const code = browser ? undefined : onPath('code');
  return code === undefined ? openInBrowser(folder, vsix) : openInCode(code, folder, vsix);
}

async function openInBrowser(folder: string, vsix: string): Promise<Editor> {
  const edition = fittingEdition();
  await ensureEditor(edition);
  const host = await step('Starting the editor', () =>
    startHost({
      edition,
      vsix,
      settings: {
        'editor.cursorBlinking': 'blink',
        'workbench.reduceMotion': 'auto',
        'editor.autoIndent': 'full',
      },
    }),
  );
  const door = await openFrontDoor(host.port, folder);
  return {
    howToSee: `Open ${door.url} in a browser.`,
    stop: async () => {
      await door.close();
      await host.stop();
    },
  };
}

/** The one that runs on the Node at hand needs the smaller installation. */
function fittingEdition(): Edition {
  const own = Number.parseInt(process.versions.node, 10);
  return editions.find((edition) => edition.node === own) ?? editions[0];
}

/** With settings and extensions of its own, so that the person's stay as they are. */
async function openInCode(code: string, folder: string, vsix: string): Promise<Editor> {
  const own = scratchFolder('code');
  const places = [
    '--user-data-dir',
    path.join(own, 'data'),
    '--extensions-dir',
    path.join(own, 'extensions'),
  ];
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  try {
    await runOrThrow(code, [...asRoot, ...places, '--install-extension', vsix]);
    const args = [...asRoot, ...places, '--disable-workspace-trust', '--new-window', '--folder-uri', folder];
    spawn(code, args, { stdio: 'ignore' }).on('error', (error) => console.log(`VS Code: ${error.message}`));
  } catch (error) {
    discard(own);
    throw error;
  }
  return {
    howToSee: 'A window of VS Code opens.',
    stop: () => {
      // The command returns at once and leaves the window to processes that carry the folder's name.
      for (const pid of processesNaming(own)) process.kill(pid, 'SIGTERM');
      discard(own);
      return Promise.resolve();
    },
  };
}

function processesNaming(folder: string): number[] {
  const listed = spawnSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' });
  return (listed.stdout ?? '')
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid);
}

function onPath(command: string): string | undefined {
  const names = process.platform === 'win32' ? [`${command}.cmd`] : [command];
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return folders
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
