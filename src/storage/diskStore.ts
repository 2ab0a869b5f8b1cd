import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { JournalStore, KeptContent, KeptEnd, KeptText } from '../core/saving/keptText';
import { decodeKept, decodeHead, encodeKept, headBytes } from './keptFile';

const live = '.kept';
const half = '.half';
/** No window is still writing a half-written file this old. */
const abandonedMs = 3_600_000;
const ends = new Set<string>(['reverted', 'closed', 'restored']);

/**
 * Kept texts in a folder of the extension's storage, shared by several windows: one file each, `<id>.kept`, renamed
 * to `<id>.closed.<time>` and the like once the text need not be saved. Files are written under a temporary name and
 * then renamed, so they are never partial.
 */
export class DiskStore implements JournalStore {
  constructor(
    private readonly folder: string,
    private readonly onUnreadable: (name: string) => void,
  ) {}

  async list(): Promise<readonly KeptText[]> {
    const texts: KeptText[] = [];
    for (const name of await this.names()) {
      if (name.endsWith(half)) await this.removeAbandoned(name);
      else if (parts(name)) texts.push(...(await this.head(name)));
    }
    return texts;
  }

  async write(text: KeptText, content: KeptContent): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const temporary = join(this.folder, `${text.id}-${randomBytes(6).toString('hex')}${half}`);
    try {
      await writeThrough(temporary, encodeKept(text, content));
      await rename(temporary, join(this.folder, `${text.id}${live}`));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async read(text: KeptText): Promise<KeptContent | undefined> {
    const name = await this.nameOf(text);
    return name === undefined ? undefined : decodeKept(await readFile(join(this.folder, name)));
  }

  async mark(text: KeptText, { how, at }: KeptEnd): Promise<void> {
    const name = await this.nameOf(text);
    if (name === undefined) return;
    await rename(join(this.folder, name), join(this.folder, `${text.id}.${how}.${at}`));
  }

  async remove(text: KeptText): Promise<void> {
    const name = await this.nameOf(text);
    if (name !== undefined) await rm(join(this.folder, name), { force: true });
  }

  private async names(): Promise<string[]> {
    try {
      return await readdir(this.folder);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** Another window may have renamed the file since it was listed. */
  private async nameOf({ id }: KeptText): Promise<string | undefined> {
    const names = (await this.names()).filter((name) => parts(name)?.id === id);
    return names.find((name) => name.endsWith(live)) ?? names[0];
  }

  /** Returns none if the file was removed meanwhile or is not one of ours. */
  private async head(name: string): Promise<KeptText[]> {
    try {
      const text = decodeHead(await readStart(join(this.folder, name)));
      const { id, end } = parts(name) ?? {};
      if (text && text.id === id) return [{ ...text, ...(end && { end }) }];
      this.onUnreadable(name);
      return [];
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  private async removeAbandoned(name: string): Promise<void> {
    const path = join(this.folder, name);
    try {
      const { mtimeMs } = await stat(path);
      if (Date.now() - mtimeMs > abandonedMs) await rm(path, { force: true });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}

function parts(name: string): { id: string; end?: KeptEnd } | undefined {
  const match = /^([0-9a-f]+)\.(?:kept|([a-z]+)\.(\d+))$/.exec(name);
  const [, id, how, at] = match ?? [];
  if (id === undefined || (how !== undefined && !ends.has(how))) return undefined;
  return how === undefined ? { id } : { id, end: { how: how as KeptEnd['how'], at: Number(at) } };
}

/** Resolves once the bytes are on the disk: the machine may crash as well. */
async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  await using(await open(path, 'wx', 0o600), async (file) => {
    await file.writeFile(bytes);
    await file.sync();
  });
}

async function readStart(path: string): Promise<Uint8Array> {
  return using(await open(path, 'r'), async (file) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  });
}

async function using<T>(file: FileHandle, run: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await run(file);
  } finally {
    await file.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
