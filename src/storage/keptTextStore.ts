import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalStore, KeptContent, KeptEnd, KeptText } from '../core/saving/journalStore';
import { isMissing, namesIn, removeAbandoned, using, writeAtomically } from './atomicWrite';
import { decodeKept, decodeHead, encodeKept, headBytes } from './keptTextFormat';

const live = '.kept';
const ends = new Set<string>(['reverted', 'overtaken', 'closed', 'restored']);

/**
 * Kept texts in a folder of the extension's storage, shared by several windows: one file each, `<id>.kept`, renamed
 * to `<id>.closed.<time>` and the like once the text need not be saved.
 */
export class KeptTextStore implements JournalStore {
  constructor(
    private readonly folder: string,
    private readonly onUnreadable: (name: string) => void,
  ) {}

  async list(): Promise<readonly KeptText[]> {
    await removeAbandoned(this.folder, Date.now());
    const texts: KeptText[] = [];
    for (const name of await namesIn(this.folder)) if (parts(name)) texts.push(...(await this.head(name)));
    return texts;
  }

  async write(text: KeptText, content: KeptContent): Promise<void> {
    await writeAtomically(join(this.folder, `${text.id}${live}`), encodeKept(text, content));
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

  /** Another window may have renamed the file since it was listed. */
  private async nameOf({ id }: KeptText): Promise<string | undefined> {
    const names = (await namesIn(this.folder)).filter((name) => parts(name)?.id === id);
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
}

function parts(name: string): { id: string; end?: KeptEnd } | undefined {
  const match = /^([0-9a-f]+)\.(?:kept|([a-z]+)\.(\d+))$/.exec(name);
  const [, id, how, at] = match ?? [];
  if (id === undefined || (how !== undefined && !ends.has(how))) return undefined;
  return how === undefined ? { id } : { id, end: { how: how as KeptEnd['how'], at: Number(at) } };
}

async function readStart(path: string): Promise<Uint8Array> {
  return using(await open(path, 'r'), async (file) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  });
}
