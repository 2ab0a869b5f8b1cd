// Which window tests run in which edition, and how they are divided among processes.
import { editions, type Edition } from '../hosts/editions';

/** What one process runs: `1.139.1 1/2` is the first of two shares of that version's files. */
export const shareVariable = 'LOCK_STATUS_TEST_SHARE';

/**
 * What rests on how VS Code itself treats a failed save, a reload, a link in a message and a folder's settings: these
 * have changed from version to version. The other tests are about our own surfaces, which the editor tests see in
 * every edition, and run in the latest one alone.
 */
const inEveryEdition = ['lockedFile', 'mainJob', 'refusedSaves', 'reload', 'trust'];

/** The shares of an edition: each is about as long as the others. */
export function sharesOf(edition: Edition, files: readonly string[]): readonly string[] {
  const count = edition === editions[0] ? 1 : Math.min(2, files.length);
  const shares = Array.from({ length: count }, (_, index) => `${index + 1}/${count}`);
  return shares.map((share) => `${edition.vscode} ${share}`);
}

/** The files of a share; all of them are its edition's where a person has named some. */
export function filesOfShare(files: readonly string[], share: string, areNamed: boolean): readonly string[] {
  const [vscode, index, count] = share.split(/[ /]/) as [string, string, string];
  const isEverywhere = (file: string) => inEveryEdition.some((name) => file.includes(`/${name}.`));
  const here = files.filter((file) => areNamed || vscode !== editions[0].vscode || isEverywhere(file));
  // In turn: the tests of one subject, which stand together, are of about the same length.
  return here.filter((_, at) => at % Number(count) === Number(index) - 1);
}
