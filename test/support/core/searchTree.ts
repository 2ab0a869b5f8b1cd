// A tree of folders and files with texts, as a search sees it: listings, contents, and how many were asked for at once.
import { RemoteFailure } from '../../../src/core/model/failure';
import type { FilesOf, ReadOptions } from '../../../src/core/model/ports';
import { nameOf, parentOf, type ResourceId } from '../../../src/core/model/resource';
import type { RemoteStat } from '../../../src/core/polling/remoteStat';
import type { ContentStore } from '../../../src/core/search/contents';
import { bytesOf, file } from './files';

export const top = file('top');
export const inTop = (path: string) => file(`top/${path}`);

export class SearchTree {
  readonly contents = new Map<ResourceId, Uint8Array>();
  private readonly members = new Map<ResourceId, Set<ResourceId>>([[top, new Set()]]);
  /** Names of listed folders and read files, in order. */
  readonly listed: string[] = [];
  readonly read: string[] = [];
  /** Listings or contents that fail. */
  readonly broken = new Set<ResourceId>();
  most = 0;
  private running = 0;

  /** @param files paths below the top, with their texts. */
  constructor(files: Readonly<Record<string, string | Uint8Array>>) {
    for (const [path, content] of Object.entries(files)) this.put(path, content);
  }

  put(path: string, content: string | Uint8Array): void {
    const resource = inTop(path);
    this.contents.set(resource, typeof content === 'string' ? bytesOf(content) : content);
    let child = resource;
    for (let at = parentOf(child); at && child !== top; at = parentOf(at)) {
      const known = this.members.get(at) ?? new Set();
      this.members.set(at, known.add(child));
      child = at;
    }
  }

  readonly directory = {
    list: async (folder: ResourceId): Promise<readonly ResourceId[]> => {
      await this.travel();
      this.listed.push(nameOf(folder));
      const members = this.members.get(folder);
      if (!members || this.broken.has(folder)) throw new RemoteFailure('forbidden', { resource: folder });
      return [...members];
    },
    cached: (resource: ResourceId): RemoteStat => {
      const bytes = this.contents.get(resource);
      const size = bytes?.length ?? 0;
      const version = { etag: { opaque: `${size}`, weak: false }, size };
      return { kind: bytes ? 'file' : 'collection', version, modified: 0, created: 0, size };
    },
  };

  readonly filesOf = (() => ({
    read: async (resource: ResourceId, { maxBytes = Infinity }: ReadOptions = {}) => {
      await this.travel();
      this.read.push(nameOf(resource));
      const bytes = this.contents.get(resource);
      if (!bytes || this.broken.has(resource)) throw new RemoteFailure('forbidden', { resource });
      if (bytes.length > maxBytes) throw new RemoteFailure('badAnswer', { resource, code: 'TOO_LARGE' });
      return { bytes, version: this.directory.cached(resource).version };
    },
  })) as unknown as FilesOf;

  private async travel(): Promise<void> {
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    await new Promise((resolve) => setImmediate(resolve));
    this.running -= 1;
  }
}

export class MemoryContents implements ContentStore {
  epoch = 0;
  readonly kept = new Map<string, Uint8Array>();

  get(resource: ResourceId, tag: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.kept.get(`${resource} ${tag}`));
  }

  put({ resource, tag, bytes }: Parameters<ContentStore['put']>[0]): Promise<void> {
    this.kept.set(`${resource} ${tag}`, bytes);
    return Promise.resolve();
  }
}
