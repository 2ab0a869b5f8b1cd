import type {
  CallOptions,
  Capabilities,
  EntryRef,
  FileTraits,
  ListOptions,
  ReadOptions,
  RemoteContent,
  RemoteEntry,
  RemoteFiles,
  RemoteListing,
  Target,
  WriteGuard,
} from '../../core/model/ports';
import type { ResourceId } from '../../core/model/resource';
import type { Version } from '../../core/model/version';
import type { WebdavClient } from './client';
import { mkcol } from './operations/mkcol';
import { probe } from './operations/probe';
import { list, stat } from './operations/propfind';
import { put } from './operations/put';
import { headVersion, read } from './operations/read';
import { remove } from './operations/remove';
import { transfer } from './operations/transfer';

/** The files of one WebDAV server; entries come with their locks (RFC 4918 section 15.8). */
export class WebdavFiles implements RemoteFiles {
  readonly #client: WebdavClient;

  constructor(client: WebdavClient) {
    this.#client = client;
  }

  probe(resource: ResourceId, options?: CallOptions): Promise<Capabilities> {
    return probe(this.#client, resource, options);
  }

  traits(_resource: ResourceId): FileTraits {
    return { honorsIfMatch: this.#client.profile.honorsIfMatch ?? false };
  }

  async stat(resource: ResourceId, options: CallOptions = {}): Promise<RemoteEntry> {
    const entry = await stat(this.#client, resource, options);
    if (!options.exact || entry.kind === 'collection' || entry.version.etag) return entry;
    // Without a tag, a look from right behind a write shows nothing.
    this.#client.stopPipelining();
    return {
      ...entry,
      version: { ...entry.version, ...(await headVersion(this.#client, resource, options)) },
    };
  }

  list(resource: ResourceId, options?: ListOptions): Promise<RemoteListing> {
    return list(this.#client, resource, options);
  }

  read(resource: ResourceId, options?: ReadOptions): Promise<RemoteContent> {
    return read(this.#client, resource, options);
  }

  write(resource: ResourceId, bytes: Uint8Array, guard: WriteGuard, options?: CallOptions): Promise<Version> {
    return put(this.#client, { resource, bytes }, guard, options);
  }

  makeCollection(resource: ResourceId, guard: WriteGuard, options?: CallOptions): Promise<void> {
    return mkcol(this.#client, resource, guard, options);
  }

  remove(entry: EntryRef, guard: WriteGuard, options?: CallOptions): Promise<void> {
    return remove(this.#client, entry, guard, options);
  }

  move(from: EntryRef, to: Target, guard: WriteGuard, options?: CallOptions): Promise<void> {
    return transfer(this.#client, { method: 'MOVE', from, to }, guard, options);
  }

  copy(from: EntryRef, to: Target, guard: WriteGuard, options?: CallOptions): Promise<void> {
    return transfer(this.#client, { method: 'COPY', from, to }, guard, options);
  }
}
