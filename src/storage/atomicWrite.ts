import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const half = '.half';
/** No window is still writing a half-written file this old. */
const abandonedMs = 3_600_000;

/**
 * Writes a private file under a temporary name beside it and then renames it, so that nobody ever reads part of it.
 * Resolves once the bytes are on the disk: the machine may crash as well. Creates the folder if it is missing.
 *
 * @param durable false for what may be lost in a crash: reaching the disk takes many times as long.
 */
export async function writeAtomically(
  path: string,
  content: Uint8Array | string,
  { durable = true } = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}-${randomBytes(6).toString('hex')}${half}`;
  try {
    await using(await open(temporary, 'wx', 0o600), async (file) => {
      await file.writeFile(content);
      if (durable) await file.sync();
    });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Deletes what windows left half-written when they crashed. `now` in Unix milliseconds. */
export async function removeAbandoned(folder: string, now: number): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.endsWith(half)) continue;
    try {
      const { mtimeMs } = await stat(join(folder, name));
      if (now - mtimeMs > abandonedMs) await rm(join(folder, name), { force: true });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}

/** The names in a folder; none if it does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

export async function using<T>(file: FileHandle, run: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await run(file);
  } finally {
    await file.close();
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
