import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { LostWhy } from '../model/evidence';
import { isFailure } from '../model/failure';
import { HeldLeases } from './heldLeases';
import type { Inheritance } from './leaseStorage';
import type { Claim, Lease } from '../model/lease';
import { asLock, lossOf, shows, type Held } from './leaseSlot';
import { dueAfter, longestRetryMs, retryAfter } from './leaseTiming';
import type { LockId } from '../model/lock';
import { UnconfirmedLocks } from './unconfirmedLocks';
import { LockUnsupportedFolders } from './lockUnsupportedFolders';
import type { LockStore } from '../locks/lockStore';
import { LostClaims } from './lostClaims';
import type { Clock, LockRequest, ServerOf } from '../model/ports';
import { refusedBy } from '../locks/refusedBy';
import { isWithin, serverOf as serverIdOf, type ResourceId } from '../model/resource';

export interface Loss {
  readonly lease: Lease;
  readonly why: LostWhy;
  /** Who still wants the lock: what is dropped after the loss leaves this set too. */
  readonly claims: ReadonlySet<Claim>;
}

export interface LeaseDeps {
  readonly serverOf: ServerOf;
  readonly store: LockStore;
  readonly clock: Clock;
  /** Seconds to ask for and the owner text, as set now. */
  readonly lockRequest: (resource: ResourceId) => LockRequest;
  /** Locks that an earlier run left on the server. */
  readonly inherited?: Inheritance;
}

/** VS Code gives an extension a few seconds to end. */
const shutdownMs = 2_000;

/**
 * The locks that this window holds: taken once per resource whoever asks, kept alive at half of the granted time, let
 * go when nobody claims them any more.
 */
export class Leases extends HeldLeases {
  private readonly ids = new Set<LockId>();
  private readonly unconfirmedLocks = new UnconfirmedLocks();
  private readonly unsupportedFolders: LockUnsupportedFolders;
  private readonly lostClaims = new LostClaims();
  private readonly lost = new Emitter<Loss>();
  private readonly changed = new Emitter<readonly Lease[]>();
  private readonly forgotten = new Emitter<Lease>();
  private readonly subscription: Disposable;
  private ended = false;

  /** A lock of ours stands no more, without our doing. */
  readonly onDidLose = this.lost.event;
  /** What a lease was on is gone, and should have taken the lock with it. */
  readonly onDidForget = this.forgotten.event;
  /** The held leases, after each change: for keeping them over a crash. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: LeaseDeps) {
    super(deps.clock);
    this.unsupportedFolders = new LockUnsupportedFolders(deps.clock);
    this.subscription = deps.store.onDidChange((resources) => this.doubt(resources));
  }

  /** Takes the lock, or joins who has it or is taking it. Rejects with a RemoteFailure; then nothing is claimed. */
  async take(resource: ResourceId, claim: Claim): Promise<Lease> {
    const slot = this.slots.get(resource);
    if (slot?.state === 'unlocking') {
      // Where it could not be let go, it is still held, and joined.
      await Promise.allSettled([slot.done]);
      return this.take(resource, claim);
    }
    if (slot) {
      slot.claims.add(claim);
      return slot.lease;
    }
    return this.begin(resource, new Set([claim]));
  }

  /** After a loss: takes the lock again for those who still want it. Rejects with a RemoteFailure. */
  async retake({ lease: { resource }, claims }: Loss): Promise<void> {
    while (this.slots.get(resource)?.state === 'unlocking') await this.settled(resource);
    // Only now is it known who still wants it: a file may have been closed meanwhile.
    if (!this.lostClaims.settle(resource, claims)) return;
    const slot = this.slots.get(resource);
    if (!slot || slot.state === 'unlocking') return void (await this.begin(resource, new Set(claims)));
    for (const claim of claims) slot.claims.add(claim);
    await slot.lease;
  }

  /** A lost lock is not taken again: who wants it takes it anew. */
  giveUp({ lease: { resource }, claims }: Loss): void {
    this.lostClaims.settle(resource, claims);
  }

  /** Gives one claim back; the lock goes when it was the last. Resolves when the server has answered. */
  async drop(resource: ResourceId, claim: Claim): Promise<void> {
    const slot = this.slots.get(resource);
    // A lost lock that nobody wants any more is no news.
    if (this.lostClaims.drop(resource, claim)) this.deps.store.apply({ kind: 'lossSettled', resource });
    if (!slot) return;
    if (slot.state === 'unlocking') {
      // Should it fail, nobody of this claim wants the lock kept alive.
      slot.held.claims.delete(claim);
      return slot.done;
    }
    slot.claims.delete(claim);
    if (slot.claims.size > 0) return;
    if (slot.state === 'locking') {
      // The answer is on its way: a lock that nobody wants is let go as soon as it is there.
      const taken = await slot.lease.then(
        () => true,
        () => false,
      );
      return taken && slot.claims.size === 0 ? this.release(resource) : undefined;
    }
    await this.release(resource);
  }

  /** Lets the lock go, whoever claims it. Rejects with a RemoteFailure; the lease is then kept. */
  async release(resource: ResourceId): Promise<void> {
    const slot = this.slots.get(resource);
    if (!slot) return;
    if (slot.state === 'unlocking') return slot.done;
    if (slot.state === 'locking') {
      await Promise.allSettled([slot.lease]);
      return this.release(resource);
    }
    slot.timer?.dispose();
    const done = this.unlock(slot.lease).catch((error: unknown) => {
      this.keepOn(slot);
      throw error;
    });
    this.slots.set(resource, { state: 'unlocking', held: slot, done });
    return done;
  }

  /** Releases everything; resolves when all are answered, and tells how many could not be released. */
  async releaseAll(): Promise<{ released: number; failed: readonly ResourceId[] }> {
    const held = [...this.slots.keys()];
    const results = await Promise.allSettled(held.map((id) => this.release(id)));
    const failed = held.filter((_, index) => results[index]?.status === 'rejected');
    return { released: held.length - failed.length, failed };
  }

  /** Before the window ends: lets go of all that is not to be kept, as far as the time allows. */
  async releaseForShutdown(keep: (resource: ResourceId) => boolean): Promise<void> {
    this.ended = true;
    const loose = [...this.slots.keys()].filter((resource) => !keep(resource));
    let deadline: Disposable | undefined;
    await Promise.race([
      Promise.allSettled(loose.map((resource) => this.release(resource))),
      new Promise<void>((resolve) => (deadline = this.deps.clock.after(shutdownMs, resolve))),
    ]);
    deadline?.dispose();
  }

  /** Whether it is claimed so, also where the lock was lost and may be taken again. */
  isClaimed(resource: ResourceId, claim: Claim): boolean {
    return this.claimsOn(resource).has(claim) || this.lostClaims.has(resource, claim);
  }

  /** Waits for a LOCK or UNLOCK under way; its failure is not the caller's affair. */
  async settled(resource: ResourceId): Promise<void> {
    const slot = this.slots.get(resource);
    if (slot?.state === 'locking') await Promise.allSettled([slot.lease]);
    if (slot?.state === 'unlocking') await Promise.allSettled([slot.done]);
  }

  /** Waits for every LOCK and UNLOCK under way on the resource and below it. */
  async settledWithin(root: ResourceId): Promise<void> {
    const ids = [...this.slots.keys()].filter((id) => isWithin(id, root));
    await Promise.all(ids.map((id) => this.settled(id)));
  }

  /** Asks the server whether a lease still stands, and prolongs it by that. Never rejects. */
  verify({ resource }: Lease): Promise<void> {
    return this.refresh(resource);
  }

  owns(id: LockId): boolean {
    return this.ids.has(id);
  }

  /** Whether a LOCK there would be in vain: the server says that it has none, or has lately refused the method there. */
  hasNoLocks(resource: ResourceId): boolean {
    return (
      this.deps.store.listingSupportOf(serverIdOf(resource)) === 'none' ||
      this.unsupportedFolders.hold(resource)
    );
  }

  /** Whether the lock may be one that we asked for and got no answer about. */
  mayOwn(id: LockId): boolean {
    return this.unconfirmedLocks.has(id);
  }

  /** Takes up a lease of an earlier run of this window that the server still lists. */
  adopt(lease: Lease, claim: Claim): void {
    if (!this.slots.has(lease.resource)) this.hold(lease, new Set([claim]));
  }

  /** The resource is not there any more under this name, and its lock went with it: nothing to release. */
  forget(root: ResourceId): void {
    for (const [resource, slot] of [...this.slots]) {
      if (!isWithin(resource, root) || slot.state === 'unlocking') continue;
      // A lock still on its way has lost its purpose: it is let go as soon as it is there.
      if (slot.state === 'locking') slot.claims.clear();
      else {
        this.end(slot.lease);
        this.forgotten.fire(slot.lease);
      }
    }
  }

  /** Somebody noticed (a refused save, a listing) that a lease stands no more. */
  declareLost(lease: Lease, why: LostWhy): void {
    const slot = this.slots.get(lease.resource);
    if (slot?.state !== 'held' || slot.lease.id !== lease.id) return;
    this.end(lease);
    const { store, clock } = this.deps;
    const { resource, id } = lease;
    store.apply({ kind: 'lost', resource, id, why, at: clock.now() });
    const claims = this.lostClaims.lost(resource, slot.claims);
    if (claims.size === 0) store.apply({ kind: 'lossSettled', resource });
    this.lost.fire({ lease, why, claims });
  }

  dispose(): void {
    this.ended = true;
    this.subscription.dispose();
    for (const slot of this.slots.values()) if (slot.state === 'held') slot.timer?.dispose();
    this.lost.dispose();
    this.forgotten.dispose();
    this.changed.dispose();
  }

  private begin(resource: ResourceId, claims: Set<Claim>): Promise<Lease> {
    const lease = this.lock(resource, claims);
    this.slots.set(resource, { state: 'locking', claims, lease });
    return lease;
  }

  private async lock(resource: ResourceId, claims: Set<Claim>): Promise<Lease> {
    const before = this.deps.store.stateOf(resource);
    try {
      const server = this.deps.serverOf(resource);
      const lease =
        (await this.revive(resource, claims)) ??
        (await server.lock(resource, this.deps.lockRequest(resource)));
      this.unsupportedFolders.granted(resource);
      this.hold(lease, claims);
      return lease;
    } catch (error) {
      this.slots.delete(resource);
      const { store, clock } = this.deps;
      if (isFailure(error, 'locked')) store.apply(refusedBy(error, clock.now()));
      if (isFailure(error)) this.unconfirmedLocks.failed(error, before, clock.now());
      if (isWithoutLocks(error)) this.unsupportedFolders.refused(resource);
      throw error;
    }
  }

  /** Our own lock of an earlier run would refuse us a new one: it is taken up where it still stands. */
  private async revive(resource: ResourceId, claims: Set<Claim>): Promise<Lease | undefined> {
    const { inherited, serverOf, lockRequest } = this.deps;
    const kept = await inherited?.of(resource);
    if (!inherited || !kept) return undefined;
    const old = kept.lease;
    try {
      const lease = await serverOf(resource).refresh(old, lockRequest(resource).seconds);
      // Whoever comes first for a lock taken by hand: it stays until it is released by hand.
      if (kept.claims.includes('hand')) claims.add('hand');
      inherited.settled(old);
      return lease;
    } catch (error) {
      if (!isFailure(error, 'leaseLost', 'notFound')) throw error;
      inherited.settled(old);
      return undefined;
    }
  }

  private hold(lease: Lease, claims: Set<Claim>): void {
    this.ids.add(lease.id);
    this.unconfirmedLocks.taken(lease.resource);
    const at = { taken: lease.since, timer: undefined, failures: 0, refreshing: undefined };
    const slot: Held = { state: 'held', claims, lease, ...at };
    this.slots.set(lease.resource, slot);
    this.tellHeld(slot);
    this.schedule(slot, claims.size === 0 ? 0 : dueAfter(lease, this.deps.clock));
  }

  /** The lock could not be let go: it is tried again later where nobody wants it, else kept alive. */
  private keepOn(slot: Held): void {
    this.slots.set(slot.lease.resource, slot);
    this.tellHeld(slot);
    this.schedule(slot, retryAfter((slot.failures += 1)));
  }

  private tellHeld({ lease, taken }: Held): void {
    const { store, clock } = this.deps;
    store.apply({ kind: 'held', lease, lock: asLock(lease, taken), at: clock.now() });
    this.changed.fire(this.held());
  }

  private async unlock(lease: Lease): Promise<void> {
    await this.deps.serverOf(lease.resource).unlock(lease);
    this.end(lease);
    const { store, clock } = this.deps;
    store.apply({ kind: 'released', resource: lease.resource, id: lease.id, at: clock.now() });
  }

  private end(lease: Lease): void {
    const slot = this.slots.get(lease.resource);
    if (slot?.state === 'held') slot.timer?.dispose();
    this.slots.delete(lease.resource);
    this.ids.delete(lease.id);
    this.changed.fire(this.held());
  }

  /** A listing without our lock: asked about now, and not only when the next refresh is due. */
  private doubt(resources: readonly ResourceId[]): void {
    for (const resource of resources) {
      const slot = this.slots.get(resource);
      if (slot?.state !== 'held' || slot.claims.size === 0) continue;
      const state = this.deps.store.stateOf(resource);
      if (state.kind !== 'unknown' && !shows(state, slot.lease.id)) void this.refresh(resource);
    }
  }

  private schedule(slot: Held, ms: number): void {
    slot.timer?.dispose();
    if (!this.ended) slot.timer = this.deps.clock.after(ms, () => void this.tend(slot));
  }

  /** Never rejects: a lock that nobody wants any more is tried to be let go again and again. */
  private async tend(slot: Held): Promise<void> {
    const { resource } = slot.lease;
    if (slot.claims.size > 0) return this.refresh(resource);
    if (this.slots.get(resource) === slot) await Promise.allSettled([this.release(resource)]);
  }

  /** Never rejects: what it learns is in the store and in {@link onDidLose}. One at a time. */
  private refresh(resource: ResourceId): Promise<void> {
    const slot = this.slots.get(resource);
    if (slot?.state !== 'held') return Promise.resolve();
    slot.refreshing ??= this.refreshNow(slot).finally(() => (slot.refreshing = undefined));
    return slot.refreshing;
  }

  private async refreshNow(slot: Held): Promise<void> {
    const { serverOf, lockRequest, clock } = this.deps;
    const { resource } = slot.lease;
    slot.timer?.dispose();
    try {
      const lease = await serverOf(resource).refresh(slot.lease, lockRequest(resource).seconds);
      if (this.slots.get(resource) !== slot) return;
      slot.lease = lease;
      slot.failures = 0;
      this.tellHeld(slot);
      this.schedule(slot, dueAfter(lease, clock));
    } catch (error) {
      if (this.slots.get(resource) !== slot) return;
      if (isFailure(error, 'leaseLost')) return this.declareLost(slot.lease, lossOf(slot.lease, clock));
      const asked = isFailure(error) ? (error.facts.retryAfterMs ?? 0) : 0;
      this.schedule(slot, Math.min(longestRetryMs, Math.max(asked, retryAfter((slot.failures += 1)))));
    }
  }
}

/** The server does not know the method; one that grants another kind of lock than was asked for says so by a code. */
function isWithoutLocks(error: unknown): boolean {
  return isFailure(error, 'unsupported') && error.facts.code === undefined;
}
