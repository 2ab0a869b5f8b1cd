import { isFailure, RemoteFailure } from '../core/model/failure';
import type { CallOptions, LockProvider, RemoteFiles } from '../core/model/ports';
import { isWithin, isWithinAny, parentOf, type ResourceId } from '../core/model/resource';
import type { PlainAnswer } from './http/askPlainly';
import type { Server } from './servers';

export interface OriginOptions {
  readonly webdav: Server;
  readonly plain: Server;
  /** Folders whose connection names an endpoint. */
  readonly mapped: readonly (Server & { readonly base: ResourceId })[];
  readonly askPlainly: (resource: ResourceId, options: CallOptions) => Promise<PlainAnswer>;
}

export interface OriginFiles extends RemoteFiles {
  locksOf(resource: ResourceId): LockProvider;
}

/**
 * The files of one origin: as mapped where a connection says how, else by WebDAV, and by plain HTTP where the server
 * has shown that it does not know WebDAV.
 */
export function originFiles({ webdav, plain, mapped, askPlainly }: OriginOptions): OriginFiles {
  /** Below these the server has answered as WebDAV. */
  const webdavFolders = new Set<ResourceId>();
  /** In these, but not below: another folder may be served by another program. */
  const plainFolders = new Set<ResourceId>();
  const deepestFirst = [...mapped].sort((one, other) => other.base.length - one.base.length);
  const mappedOf = (resource: ResourceId) => deepestFirst.find(({ base }) => isWithin(resource, base));
  const serverOf = (resource: ResourceId): Server =>
    mappedOf(resource) ?? (plainFolders.has(folderOf(resource)) ? plain : webdav);
  const filesOf = (resource: ResourceId) => serverOf(resource).files;

  return {
    locksOf: (resource) => serverOf(resource).locks,
    probe: (resource, options) => asking(resource, options, (files) => files.probe(resource, options)),
    traits: (resource) => filesOf(resource).traits(resource),
    stat: (resource, options) => asking(resource, options, (files) => files.stat(resource, options)),
    list: (resource, options) => asking(resource, options, (files) => files.list(resource, options)),
    read: (resource, options) => filesOf(resource).read(resource, options),
    write: (resource, ...write) => filesOf(resource).write(resource, ...write),
    makeCollection: (resource, guard) => filesOf(resource).makeCollection(resource, guard),
    remove: (entry, guard) => filesOf(entry.resource).remove(entry, guard),
    move: async (from, to, guard) => filesOfBoth(from.resource, to.resource, 'MOVE').move(from, to, guard),
    copy: async (from, to, guard) => filesOfBoth(from.resource, to.resource, 'COPY').copy(from, to, guard),
  };

  /** What serves source and target. Throws if one is mapped otherwise than the other: neither knows both. */
  function filesOfBoth(resource: ResourceId, target: ResourceId, method: string): RemoteFiles {
    if (mappedOf(resource) !== mappedOf(target)) throw new RemoteFailure('unsupported', { resource, method });
    return filesOf(resource);
  }

  /** Asks by WebDAV; if the server seems not to know it, finds out whether plain HTTP does. */
  async function asking<T>(
    resource: ResourceId,
    options: CallOptions | undefined,
    ask: (files: RemoteFiles) => Promise<T>,
  ): Promise<T> {
    const server = serverOf(resource);
    if (server !== webdav) return ask(server.files);
    const folder = folderOf(resource);
    try {
      const answer = await ask(webdav.files);
      if (!isWithinAny(resource, webdavFolders)) webdavFolders.add(folder);
      return answer;
    } catch (error) {
      if (!isFailure(error) || !mayBePlain(error) || isWithinAny(resource, webdavFolders)) throw error;
      const found = await askPlainly(resource, options ?? {});
      // A server that knows no WebDAV and has nothing of that name.
      if (found === 'missing' && error.kind === 'unsupported') throw error.as('notFound');
      if (found !== 'file') throw error;
      plainFolders.add(folder);
      return ask(plain.files);
    }
  }
}

function folderOf(resource: ResourceId): ResourceId {
  return parentOf(resource) ?? resource;
}

/** Web servers answer in many ways to a method that they do not know; many services say that nothing is there. */
function mayBePlain({ kind, status = 0 }: RemoteFailure): boolean {
  if (kind === 'notWebdav' || kind === 'unsupported' || kind === 'notFound' || kind === 'forbidden')
    return true;
  return (kind === 'refused' && status === 400) || (kind === 'badAnswer' && status >= 200 && status < 300);
}
