import { isFailure, RemoteFailure, type FailureKind } from '../../../src/core/model/failure';
import type { RecordedExchange } from '../../../src/core/locks/exchanges';
import type { Lease } from '../../../src/core/model/lease';
import type { Lock, LockId, LockListing } from '../../../src/core/model/lock';
import type {
  EntryRef,
  FileTraits,
  ListOptions,
  LockTraits,
  LockToBreak,
  LockRequest,
  RemoteContent,
  RemoteEntry,
  RemoteListing,
  RemoteFiles,
  LockProvider,
  Rights,
  Target,
  WriteGuard,
} from '../../../src/core/model/ports';
import { parentOf, type ResourceId } from '../../../src/core/model/resource';
import { Secret } from '../../../src/core/model/secret';
import type { Version } from '../../../src/core/model/version';
import { maybeDone, methods, Mishaps, type Mishap, type Operation } from './mishaps';
import type { ModelFile, ModelLock, ModelServer } from './modelServer';

/** One person's connection to the model, with what a test lets go wrong on it. */
export class ModelClient implements RemoteFiles, LockProvider {
  readonly calls: `${Operation} ${string}`[] = [];
  private readonly mishaps = new Mishaps();
  /** Called before and after each request passes the wire; a test may let time pass there. */
  travel: (operation: Operation, way: 'there' | 'back') => Promise<void> = () => Promise.resolve();
  /** Whether this person's window holds the lock. */
  owns: (id: LockId) => boolean = () => false;
  /** What the server says of this person's rights. */
  said: Rights = {};
  /** Told what the server answered. */
  onExchange: (exchange: RecordedExchange) => void = () => undefined;
  /** Whether every request is refused to connect. */
  offline = false;

  constructor(
    private readonly server: ModelServer,
    readonly who: string,
  ) {}

  /** The next call of that kind goes wrong; several are used up in turn. */
  fail(operation: Operation, kind: FailureKind, more: Omit<Mishap, 'kind'> = {}): void {
    this.mishaps.add(operation, { kind, ...more });
  }

  /** Nothing goes wrong any more. */
  recover(): void {
    this.mishaps.clear();
    this.offline = false;
  }

  count(operation: Operation): number {
    return this.calls.filter((call) => call.startsWith(`${operation} `)).length;
  }

  readonly id = 'webdav';

  async look(resource: ResourceId): Promise<LockListing> {
    return (await this.stat(resource)).listing;
  }

  traits(): FileTraits & LockTraits {
    return { honorsIfMatch: this.server.habits.honorsIfMatch, refusesLostLocks: true };
  }

  probe() {
    return Promise.resolve({ webdav: true, locks: true });
  }

  rights(): Promise<Rights> {
    return Promise.resolve(this.said);
  }

  stat(resource: ResourceId): Promise<RemoteEntry> {
    return this.call('stat', resource, () => this.entry(resource));
  }

  list(resource: ResourceId, { brief = false }: ListOptions = {}): Promise<RemoteListing> {
    return this.call('list', resource, () => {
      const { files, folders } = this.server;
      const entry = (id: ResourceId) => (brief ? inBrief(this.entry(id)) : this.entry(id));
      const members = [...files.keys(), ...folders].filter((id) => parentOf(id) === resource);
      return { self: entry(resource), members: members.map(entry) };
    });
  }

  read(resource: ResourceId): Promise<RemoteContent> {
    return this.call('read', resource, () => {
      const file = this.existing(resource);
      return { bytes: file.bytes.slice(), version: this.server.versionOf(file) };
    });
  }

  write(resource: ResourceId, bytes: Uint8Array, guard: WriteGuard): Promise<Version> {
    const put = (mishap: Mishap | undefined) => {
      const { habits } = this.server;
      const known = this.server.files.get(resource);
      if (guard.mustBeNew && known) throw this.refuse('exists', resource, 412);
      const wanted = guard.replaces?.etag;
      const isBound = habits.honorsIfMatch && wanted && !wanted.weak;
      const opaque = known && this.server.versionOf(known).etag?.opaque;
      if (isBound && opaque !== wanted.opaque) throw this.refuse('preconditionFailed', resource, 412);
      const locked = this.checkLock(resource, guard.leases);
      const arriving = mishap?.cutAt === undefined ? bytes.slice() : bytes.slice(0, mishap.cutAt);
      const file = this.server.store(resource, arriving, { who: this.who, locked });
      return habits.tellsTag ? this.server.versionOf(file) : {};
    };
    return this.call('write', resource, put, guard.leases.length > 0 ? ['if'] : []);
  }

  makeCollection(resource: ResourceId): Promise<void> {
    return this.call('stat', resource, () => void this.server.folders.add(resource));
  }

  remove({ resource }: EntryRef, guard: WriteGuard): Promise<void> {
    return this.call('remove', resource, () => this.take(resource, guard));
  }

  move(from: EntryRef, to: Target, guard: WriteGuard): Promise<void> {
    return this.call('move', from.resource, () => {
      for (const id of this.server.below(from.resource)) this.checkLock(id, guard.leases);
      this.transfer(from.resource, to, guard);
      this.take(from.resource, guard);
    });
  }

  copy(from: EntryRef, to: Target, guard: WriteGuard): Promise<void> {
    return this.call('copy', from.resource, () => this.transfer(from.resource, to, guard));
  }

  async lock(resource: ResourceId, { seconds, owner, depth, mayCreate }: LockRequest): Promise<Lease> {
    const since = this.server.clock.now();
    try {
      const lease = await this.call('lock', resource, () => {
        const locked = depth === 'tree' ? this.server.below(resource) : [resource];
        if (depth !== 'tree' && !(mayCreate && !this.server.files.has(resource))) this.existing(resource);
        if (locked.some((id) => this.server.lockOn(id))) throw this.refuse('locked', resource, 423);
        if (mayCreate && !this.server.files.has(resource))
          this.server.store(resource, new Uint8Array(), { who: this.who, locked: true });
        const token = this.server.nextToken();
        const ends = this.server.endOf(seconds);
        const lock: ModelLock = { token, who: this.who, owner, ends };
        this.server.locks.set(resource, lock);
        this.server.unheard.add(token);
        return this.lease(resource, lock, since);
      });
      this.server.unheard.delete(lease.token.reveal());
      return lease;
    } catch (error) {
      const lease = await this.foundAgain(resource, owner, since);
      if (lease) this.server.unheard.delete(lease.token.reveal());
      if (lease) return lease;
      throw error;
    }
  }

  /** As the protocol does it: a lock with this window's own owner text that it does not know is one whose answer was lost. */
  private async foundAgain(
    resource: ResourceId,
    owner: string,
    since: Lease['since'],
  ): Promise<Lease | undefined> {
    if (!this.server.habits.lists || !this.server.habits.keepsOwner) return undefined;
    try {
      return await this.call('stat', resource, () => {
        const lock = this.server.lockOn(resource);
        const isOurs = lock?.owner === owner && !this.owns(this.server.idOf(lock.token));
        return isOurs ? this.lease(resource, lock, since) : undefined;
      });
    } catch (error) {
      if (error instanceof RemoteFailure) return undefined;
      throw error;
    }
  }

  refresh(lease: Lease, seconds: number): Promise<Lease> {
    const since = this.server.clock.now();
    return this.call('refresh', lease.resource, () => {
      const lock = this.server.lockOn(lease.resource);
      if (lock?.token !== lease.token.reveal()) throw this.refuse('leaseLost', lease.resource, 412);
      lock.ends = this.server.endOf(seconds);
      return this.lease(lease.resource, lock, since);
    });
  }

  release(lease: Lease): Promise<{ readonly wasHeld: boolean }> {
    return this.call('unlock', lease.resource, () => this.end(lease.resource, lease.id));
  }

  breakLock({ resource, id }: LockToBreak): Promise<{ readonly wasHeld: boolean }> {
    return this.call('breakLock', resource, () => this.end(resource, id));
  }

  private end(resource: ResourceId, id: LockId | undefined): { readonly wasHeld: boolean } {
    const lock = this.server.lockOn(resource);
    const wasHeld = lock !== undefined && this.server.idOf(lock.token) === id;
    if (wasHeld) this.server.locks.delete(resource);
    return { wasHeld };
  }

  private async call<T>(
    operation: Operation,
    resource: ResourceId,
    act: (mishap: Mishap | undefined) => T,
    sent: readonly string[] = [],
  ): Promise<T> {
    const at = this.server.clock.now();
    const record = (status?: number) =>
      this.onExchange({
        method: methods[operation],
        resource,
        at,
        ms: 0,
        ...(status !== undefined && { status }),
        sent,
        headers: {},
      });
    try {
      const result = await this.exchange(operation, resource, act);
      record(200);
      return result;
    } catch (error) {
      record(isFailure(error) ? error.status : undefined);
      throw error;
    }
  }

  private async exchange<T>(
    operation: Operation,
    resource: ResourceId,
    act: (mishap: Mishap | undefined) => T,
  ): Promise<T> {
    this.calls.push(`${operation} ${resource}`);
    const mishap = this.mishaps.next(operation);
    await this.travel(operation, 'there');
    if (this.offline) throw new RemoteFailure('unreachable', { resource });
    const done = mishap && !mishap.lost && mishap.cutAt === undefined ? undefined : { result: act(mishap) };
    await this.travel(operation, 'back');
    if (mishap) throw new RemoteFailure(mishap.kind, { resource, ...maybeDone(mishap), ...mishap.facts });
    return (done as { result: T }).result;
  }

  private refuse(kind: FailureKind, resource: ResourceId, status: number): RemoteFailure {
    return new RemoteFailure(kind, { resource, status });
  }

  private existing(resource: ResourceId): ModelFile {
    const file = this.server.files.get(resource);
    if (!file) throw this.refuse('notFound', resource, 404);
    return file;
  }

  private entry(resource: ResourceId): RemoteEntry {
    const listing = this.listing(resource);
    if (this.server.isFolder(resource)) return { resource, kind: 'collection', version: {}, listing };
    return { resource, kind: 'file', version: this.server.versionOf(this.existing(resource)), listing };
  }

  private listing(resource: ResourceId): LockListing {
    const lock = this.server.lockOn(resource);
    if (!this.server.habits.lists) return { locks: [], reported: false };
    return { locks: lock ? [this.shown(resource, lock)] : [], reported: true };
  }

  private shown(resource: ResourceId, { token, who, ends }: ModelLock): Lock {
    const id = this.server.idOf(token);
    const { mono, wall } = this.server.clock.now();
    return {
      source: 'listing',
      id,
      scope: 'exclusive',
      depth: 'self',
      root: resource,
      holder: {
        name: who,
        contacts: [],
        assertedBy: 'client',
        self: this.owns(id) ? 'thisWindow' : who === this.who ? 'elsewhere' : 'other',
      },
      expiry:
        ends === undefined ? { kind: 'never' } : { kind: 'at', at: { mono: ends, wall: wall + ends - mono } },
    };
  }

  /** Whether our lock covers it; throws where somebody else's does, or where ours is not there any more. */
  private checkLock(resource: ResourceId, leases: readonly Lease[]): boolean {
    const lock = this.server.lockOn(resource);
    const mine = leases.some((lease) => lease.token.reveal() === lock?.token);
    if (lock && !mine && this.server.habits.enforces !== false) throw this.refuse('locked', resource, 423);
    if (!lock && leases.some((lease) => lease.resource === resource))
      throw this.refuse('preconditionFailed', resource, 412);
    return mine;
  }

  private take(root: ResourceId, { leases }: WriteGuard): void {
    for (const id of this.server.below(root)) {
      this.checkLock(id, leases);
      this.server.files.delete(id);
      this.server.folders.delete(id);
      this.server.locks.delete(id);
    }
  }

  private transfer(from: ResourceId, { resource: to, overwrite }: Target, { leases }: WriteGuard): void {
    for (const id of this.server.below(from)) {
      const target = (to + id.slice(from.length)) as ResourceId;
      if (this.server.files.has(target) && !overwrite) throw this.refuse('exists', target, 412);
      if (this.server.lockOn(target)) this.checkLock(target, leases);
      const file = this.server.files.get(id);
      if (file) this.server.store(target, file.bytes, { who: this.who, locked: false });
      else this.server.folders.add(target);
    }
  }

  private lease(resource: ResourceId, { token, ends }: ModelLock, since: Lease['since']): Lease {
    const granted = ends === undefined ? undefined : ends - this.server.clock.now().mono;
    return {
      resource,
      token: new Secret(token),
      id: this.server.idOf(token),
      scope: 'exclusive',
      depth: 'self',
      expiry:
        granted === undefined
          ? { kind: 'never' }
          : { kind: 'at', at: { mono: since.mono + granted, wall: since.wall + granted } },
      ...(granted !== undefined && { grantedMs: granted }),
      since,
    };
  }
}

function inBrief(entry: RemoteEntry): RemoteEntry {
  const { etag } = entry.version;
  return { ...entry, version: etag ? { etag } : {} };
}
