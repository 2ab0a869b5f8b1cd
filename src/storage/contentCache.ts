import { createHash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentStore } from '../core/search/contents';
import { serverOf, type ResourceId, type ServerId } from '../core/model/resource';
import { isMissing, namesIn, removeAbandoned, writeAtomically } from './atomicWrite';

export interface ContentCacheDeps {
  readonly folder: string;
  /** Bytes on the disk; the oldest contents go first. */
  readonly maxBytes: number;
  /** The disk is full or refuses; contents are then read from the server again. */
  readonly onProblem: (error: unknown) => void;
}

interface KeptFile {
  readonly path: string;
  readonly size: number;
  readonly at: number;
}

/** What is left after making room, so that it is not made for each new content. */
const roomShare = 0.8;
const newline = 10;

/**
 * Contents of remote files in a private folder of the extension's storage, shared by several windows: one folder per
 * server, and in it one file per resource. Each begins with a line that has its tag.
 */
export class ContentCache implements ContentStore {
  epoch = 0;
  /** Bytes on the disk, as far as this window knows. */
  private size: Promise<number> | undefined;

  constructor(private readonly deps: ContentCacheDeps) {}

  async get(resource: ResourceId, tag: string): Promise<Uint8Array | undefined> {
    try {
      const file = await readFile(this.pathOf(resource));
      const head = file.indexOf(newline);
      const isWanted = head >= 0 && file.subarray(0, head).toString() === headOf(resource, tag);
      return isWanted ? new Uint8Array(file.subarray(head + 1)) : undefined;
    } catch (error) {
      if (!isMissing(error)) this.deps.onProblem(error);
      return undefined;
    }
  }

  async put({ resource, tag, bytes, epoch }: Parameters<ContentStore['put']>[0]): Promise<void> {
    if (epoch !== this.epoch) return;
    try {
      const path = this.pathOf(resource);
      const content = Buffer.concat([Buffer.from(`${headOf(resource, tag)}\n`), bytes]);
      if (content.length > this.deps.maxBytes) return;
      await this.makeRoom(content.length);
      await writeAtomically(path, content, { durable: false });
      if (epoch !== this.epoch) await rm(path, { force: true });
    } catch (error) {
      this.deps.onProblem(error);
    }
  }

  /** Somebody signed out of the server: nothing of it stays. Rejects if the disk refuses. */
  async clear(server: ServerId): Promise<void> {
    this.epoch += 1;
    this.size = undefined;
    await rm(this.folderOf(server), { recursive: true, force: true });
  }

  private async makeRoom(wanted: number): Promise<void> {
    const { maxBytes } = this.deps;
    const size = (await (this.size ??= this.measure())) + wanted;
    this.size = Promise.resolve(size);
    if (size > maxBytes) await (this.size = this.trim(wanted));
  }

  private async measure(): Promise<number> {
    return (await this.all()).reduce((sum, file) => sum + file.size, 0);
  }

  /** Removes the oldest contents; resolves to the size with what is about to be written. */
  private async trim(wanted: number): Promise<number> {
    const { maxBytes } = this.deps;
    const files = (await this.all()).sort((one, other) => one.at - other.at);
    let size = files.reduce((sum, file) => sum + file.size, wanted);
    for (const file of files) {
      if (size <= Math.max(maxBytes * roomShare, wanted)) break;
      await rm(file.path, { force: true });
      size -= file.size;
    }
    return size;
  }

  private async all(): Promise<KeptFile[]> {
    const { folder } = this.deps;
    const files: KeptFile[] = [];
    for (const server of await namesIn(folder)) {
      await removeAbandoned(join(folder, server), Date.now());
      for (const name of await namesIn(join(folder, server))) {
        const path = join(folder, server, name);
        try {
          const { size, mtimeMs } = await stat(path);
          files.push({ path, size, at: mtimeMs });
        } catch (error) {
          // Another window has just made room.
          if (!isMissing(error)) throw error;
        }
      }
    }
    return files;
  }

  private pathOf(resource: ResourceId): string {
    return join(this.folderOf(serverOf(resource)), digestOf(resource));
  }

  private folderOf(server: ServerId): string {
    return join(this.deps.folder, digestOf(server));
  }
}

/** Names on the disk tell nothing of the names on the server, and fit on every disk. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}

function headOf(resource: ResourceId, tag: string): string {
  return JSON.stringify([resource, tag]);
}
