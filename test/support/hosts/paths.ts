import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export const projectRoot = resolve(import.meta.dirname, '../../..');
/** Editors, kept between runs. */
export const editorsFolder = join(projectRoot, '.vscode-test');

/** Screenshots and logs of the run, kept for whoever looks at a failure. */
export async function outputFolder(): Promise<string> {
  const folder = join(projectRoot, '.test-output');
  await mkdir(folder, { recursive: true });
  return folder;
}
