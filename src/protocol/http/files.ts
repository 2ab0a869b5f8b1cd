import { isFailure, orElse, RemoteFailure } from '../../core/model/failure';
import type {
  CallOptions,
  Capabilities,
  EntryRef,
  FileTraits,
  ReadOptions,
  RemoteContent,
  RemoteEntry,
  RemoteFiles,
  RemoteListing,
  Target,
  WriteGuard,
} from '../../core/model/ports';
import { isWithin, parentOf, type ResourceId } from '../../core/model/resource';
import type { Version } from '../../core/model/version';
import type { HttpClient } from './client';
import { move, read, remove, versionNow, write } from './content';
import { listMembers, notAsked } from './listing';
import type { HttpLocks } from './locks';

/** Files whose locks are asked for one by one where the list does not show them. */
const watchedFiles = 20;

/** Files behind plain HTTP (RFC 9110): as a mapping describes them, else by HEAD, GET, PUT and DELETE. */
export class HttpFiles implements RemoteFiles {
  /** The files that were read last. */
  private readonly watched = new Set<ResourceId>();

  constructor(
    private readonly client: HttpClient,
    private readonly locks: HttpLocks,
  ) {}

  async probe(resource: ResourceId, options: CallOptions = {}): Promise<Capabilities> {
    const { kind } = await this.entryOf(resource, options);
    if (kind === 'collection') await this.members(resource, options);
    const locks = this.client.locks.lock !== undefined;
    return { webdav: false, kind, ...(locks && { locks }) };
  }

  traits(): FileTraits {
    // Unknown: a look just before each write decides, and the condition is sent along.
    return { honorsIfMatch: false };
  }

  async stat(resource: ResourceId, options: CallOptions = {}): Promise<RemoteEntry> {
    const entry = await this.entryOf(resource, options);
    if (entry.kind === 'collection') return entry;
    // What a write compares comes from where the content comes from.
    const version =
      options.exact && this.listMapping ? await versionNow(this.client, resource, options) : entry.version;
    const isListed = entry.listing.asked !== false;
    const listing = isListed ? entry.listing : await this.locks.look(resource, options);
    return { ...entry, version, listing };
  }

  async list(resource: ResourceId, options: CallOptions = {}): Promise<RemoteListing> {
    const members = await this.members(resource, options);
    if (!this.client.locks.status || this.listMapping?.locks) return { members };
    return { members: await Promise.all(members.map((entry) => this.watchedEntry(entry, options))) };
  }

  read(resource: ResourceId, options?: ReadOptions): Promise<RemoteContent> {
    this.watch(resource);
    return read(this.client, resource, options);
  }

  async write(
    resource: ResourceId,
    bytes: Uint8Array,
    guard: WriteGuard,
    options: CallOptions = {},
  ): Promise<Version> {
    // A server may ignore the condition.
    if (guard.mustBeNew && (await this.exists(resource, options)))
      throw new RemoteFailure('exists', { method: 'PUT', resource });
    return write(this.client, { resource, bytes }, guard, options);
  }

  makeCollection(resource: ResourceId): Promise<void> {
    return Promise.reject(unsupported(resource, 'MKCOL'));
  }

  remove(entry: EntryRef, guard: WriteGuard): Promise<void> {
    return remove(this.client, entry, guard);
  }

  async move(from: EntryRef, to: Target, guard: WriteGuard): Promise<void> {
    if (!this.serves(to.resource)) throw unsupported(from.resource, 'MOVE');
    if (!to.overwrite && (await this.exists(to.resource)))
      throw new RemoteFailure('exists', { method: 'MOVE', resource: to.resource });
    return move(this.client, { from, to: to.resource }, guard);
  }

  copy(from: EntryRef): Promise<void> {
    return Promise.reject(unsupported(from.resource, 'COPY'));
  }

  /** Elsewhere, the path below the mapped folder would name another file. */
  private serves(resource: ResourceId): boolean {
    const { mapped } = this.client;
    return !mapped || isWithin(resource, mapped.base);
  }

  private get listMapping() {
    return this.client.files.list;
  }

  private async entryOf(resource: ResourceId, options: CallOptions): Promise<RemoteEntry> {
    const parent = parentOf(resource);
    if (this.listMapping && resource === this.client.mapped?.base)
      return { resource, kind: 'collection', version: {}, listing: notAsked };
    const listed = parent && (await this.listed(resource, parent, options));
    if (listed) return listed;
    // A list may be one page, or leave out hidden files: only the file itself tells that it is not there.
    const version = await versionNow(this.client, resource, options);
    return { resource, kind: 'file', version, listing: notAsked };
  }

  /** The entry as the list of the folder has it; undefined where there is no list, or it lacks the entry. */
  private async listed(
    resource: ResourceId,
    folder: ResourceId,
    options: CallOptions,
  ): Promise<RemoteEntry | undefined> {
    if (!this.listMapping) return undefined;
    try {
      return (await this.members(folder, options)).find((member) => member.resource === resource);
    } catch (error) {
      if (isFailure(error, 'notFound')) return undefined;
      throw isFailure(error) ? error.as(error.kind, { resource }) : error;
    }
  }

  private async members(folder: ResourceId, options: CallOptions): Promise<RemoteEntry[]> {
    const list = this.listMapping;
    if (!list) throw unsupported(folder, 'GET');
    return (await listMembers(this.client, { folder, list }, options)).map(({ entry }) => entry);
  }

  private async watchedEntry(entry: RemoteEntry, options: CallOptions): Promise<RemoteEntry> {
    if (!this.watched.has(entry.resource)) return { ...entry, listing: notAsked };
    const nothing = { locks: [], reported: false };
    return { ...entry, listing: await orElse(nothing, () => this.locks.look(entry.resource, options)) };
  }

  private watch(resource: ResourceId): void {
    this.watched.delete(resource);
    this.watched.add(resource);
    for (const oldest of this.watched) {
      if (this.watched.size <= watchedFiles) break;
      this.watched.delete(oldest);
    }
  }

  private async exists(resource: ResourceId, options: CallOptions = {}): Promise<boolean> {
    return (await orElse(undefined, () => this.entryOf(resource, options), 'notFound')) !== undefined;
  }
}

function unsupported(resource: ResourceId, method: string): RemoteFailure {
  return new RemoteFailure('unsupported', { resource, method });
}
