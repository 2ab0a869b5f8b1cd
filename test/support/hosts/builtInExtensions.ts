import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { InstalledEditor } from './install';

/** What a window looks like, and the languages of the files that the tests open in it. */
export const lookAndLanguages: readonly string[] = [
  ...['theme-defaults', 'theme-modern-icons', 'theme-seti'],
  ...['javascript', 'json', 'markdown-basics', 'search-result', 'typescript-basics'],
];

/** A folder with some of the editor's own extensions, each a link, for an editor that is to have no others. */
export async function onlyBuiltIn(
  { serverMain }: InstalledEditor,
  names: readonly string[],
  folder: string,
): Promise<string> {
  const all = join(dirname(serverMain), '../extensions');
  const some = join(folder, 'built-in');
  await mkdir(some);
  // Not every edition has each of them.
  for (const name of names.filter((one) => existsSync(join(all, one))))
    await symlink(join(all, name), join(some, name));
  return some;
}
