// Which window tests run in which edition, and how processes that run beside one another share them.
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { editions, type Edition } from '../hosts/editions';
import { longestFirst } from './longest';

/** The folder in which a process notes which file it has taken, so that no other takes it as well. */
export const takenVariable = 'LOCK_STATUS_TEST_TAKEN';

/**
 * What rests on how VS Code itself treats a failed save, a reload, a link in a message and a folder's settings: these
 * have changed from version to version. The other tests are about our own surfaces, which the editor tests see in
 * every edition, and run in the latest one alone.
 */
const inEveryEdition = ['lockedFile', 'mainJob', 'refusedSaves', 'reload', 'trust'];

/** How many processes run the files of an edition at most, each the next one that nobody has taken. */
export function processesFor(edition: Edition, most: number): number {
  return edition === editions[0] ? 1 : most;
}

/** The files for an edition; all of them where a person has named some. */
export function windowFilesFor(
  vscode: string,
  files: readonly string[],
  areNamed: boolean,
): readonly string[] {
  const isEverywhere = (file: string) => inEveryEdition.some((name) => file.includes(`/${name}.`));
  return files.filter((file) => areNamed || vscode !== editions[0].vscode || isEverywhere(file));
}

/** One after the other those that no other process has taken, and takes them; the longest first. */
export function* untaken(files: readonly string[]): Generator<string> {
  const folder = process.env[takenVariable];
  if (folder === undefined) throw new Error('Window tests are run by `npm test -- window`');
  for (const file of longestFirst(files)) if (take(join(folder, basename(file)))) yield file;
}

function take(note: string): boolean {
  try {
    mkdirSync(note);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
