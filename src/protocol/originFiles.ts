import { isFailure, RemoteFailure } from '../core/model/failure';
import type {
  CallOptions,
  Capabilities,
  EntryRef,
  FileTraits,
  ListOptions,
  LockProvider,
  ReadOptions,
  RemoteContent,
  RemoteEntry,
  RemoteFiles,
  RemoteListing,
  Target,
  WriteGuard,
} from '../core/model/ports';
import { isWithin, isWithinAny, parentOf, type ResourceId } from '../core/model/resource';
import type { Version } from '../core/model/version';
import type { PlainAnswer } from './http/askPlainly';
import type { Server } from './servers';

export interface OriginOptions {
  readonly webdav: Server;
  readonly plain: Server;
  /** Folders whose connection names an endpoint. */
  readonly mapped: readonly (Server & { readonly base: ResourceId })[];
  readonly askPlainly: (resource: ResourceId, options: CallOptions) => Promise<PlainAnswer>;
}

/**
 * The files of one origin: as mapped where a connection says how, else by WebDAV, and by plain HTTP where the server
 * has shown that it does not know WebDAV.
 */
export class OriginFiles implements RemoteFiles {
  /** Below these the server has answered as WebDAV. */
  private readonly webdavFolders = new Set<ResourceId>();
  /** In these, but not below: another folder may be served by another program. */
  private readonly plainFolders = new Set<ResourceId>();
  private readonly mapped;

  constructor(private readonly options: OriginOptions) {
    this.mapped = [...options.mapped].sort((one, other) => other.base.length - one.base.length);
  }

  locksOf(resource: ResourceId): LockProvider {
    return this.serverOf(resource).locks;
  }

  probe(resource: ResourceId, options?: CallOptions): Promise<Capabilities> {
    return this.asking(resource, options, (files) => files.probe(resource, options));
  }

  traits(resource: ResourceId): FileTraits {
    return this.filesOf(resource).traits(resource);
  }

  stat(resource: ResourceId, options?: CallOptions): Promise<RemoteEntry> {
    return this.asking(resource, options, (files) => files.stat(resource, options));
  }

  list(resource: ResourceId, options?: ListOptions): Promise<RemoteListing> {
    return this.asking(resource, options, (files) => files.list(resource, options));
  }

  read(resource: ResourceId, options?: ReadOptions): Promise<RemoteContent> {
    return this.filesOf(resource).read(resource, options);
  }

  write(resource: ResourceId, bytes: Uint8Array, guard: WriteGuard, options?: CallOptions): Promise<Version> {
    return this.filesOf(resource).write(resource, bytes, guard, options);
  }

  makeCollection(resource: ResourceId, guard: WriteGuard, options?: CallOptions): Promise<void> {
    return this.filesOf(resource).makeCollection(resource, guard, options);
  }

  remove(entry: EntryRef, guard: WriteGuard, options?: CallOptions): Promise<void> {
    return this.filesOf(entry.resource).remove(entry, guard, options);
  }

  async move(from: EntryRef, to: Target, guard: WriteGuard, options?: CallOptions): Promise<void> {
    return this.filesOfBoth(from, to, 'MOVE').move(from, to, guard, options);
  }

  async copy(from: EntryRef, to: Target, guard: WriteGuard, options?: CallOptions): Promise<void> {
    return this.filesOfBoth(from, to, 'COPY').copy(from, to, guard, options);
  }

  private filesOf(resource: ResourceId): RemoteFiles {
    return this.serverOf(resource).files;
  }

  /** What serves source and target. Throws if one is mapped otherwise than the other: neither knows both. */
  private filesOfBoth({ resource }: EntryRef, to: Target, method: string): RemoteFiles {
    if (this.mappedOf(resource) !== this.mappedOf(to.resource))
      throw new RemoteFailure('unsupported', { resource, method });
    return this.filesOf(resource);
  }

  private mappedOf(resource: ResourceId) {
    return this.mapped.find(({ base }) => isWithin(resource, base));
  }

  private serverOf(resource: ResourceId): Server {
    const mapped = this.mappedOf(resource);
    if (mapped) return mapped;
    const folder = parentOf(resource) ?? resource;
    return this.plainFolders.has(folder) ? this.options.plain : this.options.webdav;
  }

  /** Asks by WebDAV; if the server seems not to know it, finds out whether plain HTTP does. */
  private async asking<T>(
    resource: ResourceId,
    options: CallOptions | undefined,
    ask: (files: RemoteFiles) => Promise<T>,
  ): Promise<T> {
    const { webdav, plain, askPlainly } = this.options;
    const server = this.serverOf(resource);
    if (server !== webdav) return ask(server.files);
    const folder = parentOf(resource) ?? resource;
    try {
      const answer = await ask(webdav.files);
      if (!isWithinAny(resource, this.webdavFolders)) this.webdavFolders.add(folder);
      return answer;
    } catch (error) {
      if (!isFailure(error) || !mayBePlain(error) || isWithinAny(resource, this.webdavFolders)) throw error;
      const found = await askPlainly(resource, options ?? {});
      // A server that knows no WebDAV and has nothing of that name.
      if (found === 'missing' && error.kind === 'unsupported') throw error.as('notFound');
      if (found !== 'file') throw error;
      this.plainFolders.add(folder);
      return ask(plain.files);
    }
  }
}

/** Web servers answer in many ways to a method that they do not know; many services say that nothing is there. */
function mayBePlain({ kind, status = 0 }: RemoteFailure): boolean {
  if (kind === 'notWebdav' || kind === 'unsupported' || kind === 'notFound' || kind === 'forbidden')
    return true;
  return (kind === 'refused' && status === 400) || (kind === 'badAnswer' && status >= 200 && status < 300);
}
