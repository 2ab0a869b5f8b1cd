import type { Lease } from '../../core/model/lease';
import type { LockId } from '../../core/model/lock';
import type {
  CallOptions,
  ListOptions,
  Capabilities,
  EntryRef,
  LockToBreak,
  LockRequest,
  ReadOptions,
  RemoteContent,
  RemoteEntry,
  RemoteListing,
  RemoteServer,
  Rights,
  Target,
  Traits,
  WriteGuard,
} from '../../core/model/ports';
import { type ResourceId, urlOf } from '../../core/model/resource';
import { Secret } from '../../core/model/secret';
import type { Version } from '../../core/model/version';
import { WebdavClient, type WebdavOptions } from './client';
import { breakLock } from './operations/breakLock';
import { lock } from './operations/lock';
import { mkcol } from './operations/mkcol';
import { probe } from './operations/probe';
import { list, one, stat } from './operations/propfind';
import { put } from './operations/put';
import { headVersion, read } from './operations/read';
import { refresh } from './operations/refresh';
import { remove } from './operations/remove';
import { rights } from './operations/rights';
import { transfer } from './operations/transfer';
import { unlock } from './operations/unlock';
import { isSendable, lockIdOf } from './token';

/** A lock on a resource with what it takes to break it. */
export interface ListedToken {
  readonly id: LockId;
  readonly token: Secret;
}

/** One WebDAV server (RFC 4918), over the transport to its origin. Remembers what its answers tell about its ways. */
export function createWebdavServer(options: WebdavOptions): WebdavServer {
  return new WebdavServer(new WebdavClient(options));
}

export class WebdavServer implements RemoteServer {
  readonly #client: WebdavClient;

  constructor(client: WebdavClient) {
    this.#client = client;
  }

  traits(_resource: ResourceId): Traits {
    const { honoursIfMatch = false, refusesDeadLocks = false, endsUnseen = false } = this.#client.profile;
    return { honoursIfMatch, refusesDeadLocks, endsUnseen };
  }

  probe(resource: ResourceId, options?: CallOptions): Promise<Capabilities> {
    return probe(this.#client, resource, options);
  }

  rights(resource: ResourceId, options?: CallOptions): Promise<Rights> {
    return rights(this.#client, resource, options);
  }

  async stat(resource: ResourceId, options: CallOptions = {}): Promise<RemoteEntry> {
    const entry = await stat(this.#client, resource, options);
    if (!options.exact || entry.kind === 'collection' || entry.version.etag) return entry;
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

  lock(resource: ResourceId, lockRequest: LockRequest, options?: CallOptions): Promise<Lease> {
    return lock(this.#client, resource, lockRequest, options);
  }

  refresh(lease: Lease, seconds: number, options?: CallOptions): Promise<Lease> {
    return refresh(this.#client, lease, seconds, options);
  }

  unlock(lease: Lease, options?: CallOptions): Promise<{ readonly wasHeld: boolean }> {
    return unlock(this.#client, lease, options);
  }

  breakLock(lock: LockToBreak, options?: CallOptions): Promise<{ readonly wasHeld: boolean }> {
    return breakLock(this.#client, lock, options);
  }

  /**
   * The locks on a resource with their tokens, asked for afresh: for breaking a lock on a person's word (RFC 4918
   * section 6.5), and for nothing else. Rejects with a RemoteFailure.
   */
  async listedTokens(resource: ResourceId, options?: CallOptions): Promise<readonly ListedToken[]> {
    const { raw } = await one(this.#client, { resource, depth: '0', url: urlOf(resource) }, options);
    return (raw.props.locks ?? []).flatMap(({ token }) =>
      token && isSendable(token) ? [{ id: lockIdOf(token), token: new Secret(token) }] : [],
    );
  }
}
