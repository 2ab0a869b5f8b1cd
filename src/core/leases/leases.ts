import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { LossReason } from '../model/evidence';
import { isFailure, type RemoteFailure } from '../model/failure';
import { unknownReasonOf } from '../polling/unknownReason';
import { HeldLeases } from './heldLeases';
import type { Inheritance } from './leaseStorage';
import type { Claim, Lease } from '../model/lease';
import { asLock, lossReason, listsLock, type Held } from './leaseSlot';
import { refreshDelay, longestRetryMs, retryDelay, untilLate } from './leaseTiming';
import type { OwnLocks } from './ownLocks';
import { isOfMissingFile, LockAcquisition, type TakeOptions } from './lockAcquisition';
import type { LockStore } from '../locks/lockStore';
import { LostClaims } from './lostClaims';
import type { Clock, LockRequest } from '../model/ports';
import type { LockProviders } from '../model/lockProviders';
import { isWithin, type ResourceId } from '../model/resource';
import type { Directory } from '../polling/directory';
import type { ServerPauses } from '../polling/serverPauses';
import { withTimeout } from './withTimeout';

export interface Loss {
  readonly lease: Lease;
  readonly why: LossReason;
  /** The claims on the lost lock: claims dropped after the loss leave this set too. */
  readonly claims: ReadonlySet<Claim>;
}

export interface LeaseDeps {
  readonly lockProviders: LockProviders;
  readonly store: LockStore;
  readonly clock: Clock;
  readonly pauses: ServerPauses;
  /** The timeout and owner text to request, as configured now. */
  readonly lockRequest: (resource: ResourceId) => LockRequest;
  /** Notified of every lock that is taken or ends. */
  readonly ownLocks: OwnLocks;
  /** Locks that an earlier run left on the server. */
  readonly inherited: Inheritance;
  readonly directory: Directory;
}

/** VS Code gives an extension a few seconds to shut down. */
const shutdownMs = 2_000;

/**
 * The locks that this window holds: one per resource for all claims, refreshed at half of the granted timeout, and
 * released when no claim is left.
 */
export class Leases extends HeldLeases {
  private readonly acquisition: LockAcquisition;
  private readonly lostClaims = new LostClaims();
  private readonly lost = new Emitter<Loss>();
  private readonly changed = new Emitter<readonly Lease[]>();
  private readonly forgotten = new Emitter<Lease>();
  private readonly subscription: Disposable;
  private ended = false;

  /** We lost a lock without releasing it. */
  readonly onDidLose = this.lost.event;
  /** The locked resource no longer exists, and its lock should have ended with it. */
  readonly onDidForget = this.forgotten.event;
  /** The held leases after each change, for storing them in case of a crash. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: LeaseDeps) {
    super(deps.clock);
    this.acquisition = new LockAcquisition(deps, (lease) => this.forgotten.fire(lease));
    this.subscription = deps.store.onDidChange((resources) => this.verifyUnlisted(resources));
  }

  /** Takes the lock, or joins one held or being taken. Rejects with a RemoteFailure; then nothing is claimed. */
  async take(resource: ResourceId, claim: Claim, options: TakeOptions = {}): Promise<Lease> {
    const slot = this.slots.get(resource);
    if (slot?.state === 'unlocking') {
      // If the release failed, the lock is still held, and this claim joins it.
      await Promise.allSettled([slot.done]);
      return this.take(resource, claim, options);
    }
    if (!slot) return this.begin(resource, new Set([claim]), options);
    if (slot.state === 'held' && slot.unconfirmed) {
      await this.refresh(resource);
      if (this.slots.get(resource) === slot && slot.unconfirmed) throw slot.unconfirmed;
      return this.take(resource, claim, options);
    }
    slot.claims.add(claim);
    return slot.lease;
  }

  /** After a loss: takes the lock again for the remaining claims. Rejects with a RemoteFailure. */
  async retake({ lease: { resource }, claims }: Loss): Promise<void> {
    while (this.slots.get(resource)?.state === 'unlocking') await this.settled(resource);
    // Settle only now: claims may have been dropped meanwhile, for example by closing the file.
    if (!this.lostClaims.settle(resource, claims)) return;
    const slot = this.slots.get(resource);
    if (!slot || slot.state === 'unlocking') return void (await this.begin(resource, new Set(claims)));
    for (const claim of claims) slot.claims.add(claim);
    await slot.lease;
  }

  /** Stops tracking a lost lock: it is taken again only for a new claim. */
  giveUp({ lease: { resource }, claims }: Loss): void {
    this.lostClaims.settle(resource, claims);
  }

  /** Drops one claim, and releases the lock if it was the last. Resolves when the server has responded. */
  async drop(resource: ResourceId, claim: Claim): Promise<void> {
    const slot = this.slots.get(resource);
    // A lost lock without claims needs no report.
    if (this.lostClaims.drop(resource, claim)) this.deps.store.apply({ kind: 'lossSettled', resource });
    if (!slot) return;
    if (slot.state === 'unlocking') {
      // If the release fails, this claim must not keep the lock alive.
      slot.held.claims.delete(claim);
      return slot.done;
    }
    slot.claims.delete(claim);
    if (slot.claims.size > 0) return;
    if (slot.state === 'locking') {
      // The LOCK is under way: without claims, release the lock as soon as it is held.
      const taken = await slot.lease.then(
        () => true,
        () => false,
      );
      return taken && slot.claims.size === 0 ? this.release(resource) : undefined;
    }
    await this.release(resource);
  }

  /** Releases the lock despite any claims. Rejects with a RemoteFailure; the lease is then kept. */
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
      this.restoreHeld(slot, error);
      throw error;
    });
    this.slots.set(resource, { state: 'unlocking', held: slot, done });
    return done;
  }

  /** Releases all locks; resolves when the server has responded to all, with the numbers released and failed. */
  async releaseAll(): Promise<{ released: number; failed: readonly ResourceId[] }> {
    const held = [...this.slots.keys()];
    const results = await Promise.allSettled(held.map((id) => this.release(id)));
    const failed = held.filter((_, index) => results[index]?.status === 'rejected');
    return { released: held.length - failed.length, failed };
  }

  /** Before the window ends: releases every lock not to be kept, as far as time allows. */
  async releaseForShutdown(keep: (resource: ResourceId) => boolean): Promise<void> {
    this.ended = true;
    const toRelease = [...this.slots.keys()].filter((resource) => !keep(resource));
    const released = Promise.allSettled(toRelease.map((resource) => this.release(resource)));
    await withTimeout(this.deps.clock, shutdownMs, released);
  }

  /** Whether this claim exists, also on a lost lock that may be taken again. */
  isClaimed(resource: ResourceId, claim: Claim): boolean {
    return this.claimsOn(resource).has(claim) || this.lostClaims.has(resource, claim);
  }

  /** Waits for a LOCK or UNLOCK under way; its failure is reported elsewhere. */
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

  /** Asks the server whether a lease is still held, by refreshing it. Never rejects. */
  verify({ resource }: Lease): Promise<void> {
    return this.refresh(resource);
  }

  /** Whether a LOCK would fail: the folder has no locks, or the server recently refused the method in this folder. */
  isLockUnsupported(resource: ResourceId): boolean {
    return this.deps.store.isLockless(resource) || this.acquisition.isUnsupported(resource);
  }

  /** The resource no longer exists under this name, and its lock ended with it: nothing to release. */
  forget(root: ResourceId): void {
    this.lostClaims.forget(root);
    for (const [resource, slot] of [...this.slots]) {
      if (!isWithin(resource, root) || slot.state === 'unlocking') continue;
      // A pending lock is no longer needed: it is released as soon as it is held.
      if (slot.state === 'locking') slot.claims.clear();
      else {
        this.end(slot.lease);
        this.forgotten.fire(slot.lease);
      }
    }
  }

  /** Records that a lease is lost, as seen from a refused save or a listing. */
  declareLost(lease: Lease, why: LossReason): void {
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

  private begin(resource: ResourceId, claims: Set<Claim>, options: TakeOptions = {}): Promise<Lease> {
    const lease = this.lock(resource, claims, options);
    this.slots.set(resource, { state: 'locking', claims, lease });
    return lease;
  }

  private async lock(resource: ResourceId, claims: Set<Claim>, options: TakeOptions): Promise<Lease> {
    try {
      const lease = await this.acquisition.run(resource, claims, options);
      this.hold(lease, claims);
      return lease;
    } catch (error) {
      this.slots.delete(resource);
      this.acquisition.noteRefusal(resource, error);
      throw error;
    }
  }

  private hold(lease: Lease, claims: Set<Claim>): void {
    this.deps.ownLocks.add(lease);
    this.deps.ownLocks.unconfirmed.confirmed(lease.resource);
    const at = { taken: lease.since, timer: undefined, failures: 0 };
    const slot: Held = { state: 'held', claims, lease, ...at, refreshing: undefined, unconfirmed: undefined };
    this.slots.set(lease.resource, slot);
    this.reportHeld(slot);
    this.schedule(slot, claims.size === 0 ? 0 : refreshDelay(lease, this.deps.clock));
  }

  /** The release failed: it is retried later if the lock has no claims, else the lock is refreshed. */
  private restoreHeld(slot: Held, error: unknown): void {
    this.slots.set(slot.lease.resource, slot);
    const isOpen = isFailure(error) && error.facts.maybeDone === true;
    if (isOpen) this.unconfirmed(slot, error);
    else if (!slot.unconfirmed) this.reportHeld(slot);
    this.changed.fire(this.held());
    this.schedule(slot, retryDelay((slot.failures += 1)));
  }

  /** Neither "yours" nor "free" is true until the server is asked again. */
  private unconfirmed(slot: Held, failure: RemoteFailure): void {
    slot.unconfirmed = failure;
    const { resource, id } = slot.lease;
    const { store, clock } = this.deps;
    store.apply({ kind: 'unconfirmed', resource, id, why: unknownReasonOf(failure), at: clock.now() });
  }

  private reportHeld({ lease, taken }: Held): void {
    const { store, clock } = this.deps;
    store.apply({ kind: 'held', lease, lock: asLock(lease, taken), at: clock.now() });
    this.changed.fire(this.held());
  }

  private async unlock(lease: Lease): Promise<void> {
    this.released(lease, await this.deps.lockProviders.of(lease.resource).release(lease));
  }

  private released(lease: Lease, { wasHeld }: { readonly wasHeld: boolean }): void {
    this.end(lease);
    const { store, clock } = this.deps;
    const { resource, id } = lease;
    store.apply({ kind: 'released', resource, id, wasHeld, at: clock.now() });
  }

  private end(lease: Lease): void {
    const slot = this.slots.get(lease.resource);
    if (slot?.state === 'held') slot.timer?.dispose();
    this.slots.delete(lease.resource);
    this.deps.ownLocks.delete(lease);
    this.changed.fire(this.held());
  }

  /** A listing lacks our lock: verify it now, not only at the next refresh. */
  private verifyUnlisted(resources: readonly ResourceId[]): void {
    for (const resource of resources) {
      const slot = this.slots.get(resource);
      if (slot?.state !== 'held' || slot.claims.size === 0) continue;
      const state = this.deps.store.stateOf(resource);
      if (state.kind !== 'unknown' && !listsLock(state, slot.lease.id)) void this.refresh(resource);
    }
  }

  private schedule(slot: Held, ms: number): void {
    slot.timer?.dispose();
    if (!this.ended) slot.timer = this.deps.clock.after(ms, () => void this.onTimer(slot));
  }

  /** Never rejects: the release of an unclaimed lock is retried until it succeeds. */
  private async onTimer(slot: Held): Promise<void> {
    const { resource } = slot.lease;
    if (slot.claims.size > 0) return this.refresh(resource);
    if (this.slots.get(resource) === slot) await Promise.allSettled([this.release(resource)]);
  }

  /** Never rejects: results go to the store and {@link onDidLose}. One refresh at a time per lock. */
  private refresh(resource: ResourceId): Promise<void> {
    const slot = this.slots.get(resource);
    if (slot?.state !== 'held') return Promise.resolve();
    slot.refreshing ??= this.refreshNow(slot).finally(() => (slot.refreshing = undefined));
    return slot.refreshing;
  }

  private async refreshNow(slot: Held): Promise<void> {
    const { lockProviders, lockRequest, clock, pauses } = this.deps;
    const { resource } = slot.lease;
    slot.timer?.dispose();
    try {
      const lease = await lockProviders.of(resource).refresh(slot.lease, lockRequest(resource).seconds);
      if (this.slots.get(resource) !== slot) return;
      slot.lease = lease;
      this.deps.ownLocks.add(lease);
      slot.failures = 0;
      slot.unconfirmed = undefined;
      this.reportHeld(slot);
      this.schedule(slot, refreshDelay(lease, clock));
    } catch (error) {
      if (this.slots.get(resource) !== slot) return;
      if (isFailure(error, 'leaseLost')) {
        if (isOfMissingFile(error)) this.forgotten.fire(slot.lease);
        // We released it ourselves; who holds it now was not asked.
        if (slot.unconfirmed) return this.released(slot.lease, { wasHeld: false });
        return this.declareLost(slot.lease, lossReason(slot.lease, clock.now()));
      }
      if (isFailure(error)) pauses.note(error);
      const retryMs = retryDelay((slot.failures += 1));
      const pause = Math.min(longestRetryMs, Math.max(pauses.leftOf(resource), retryMs));
      this.schedule(slot, Math.min(pause, Math.max(retryMs, untilLate(slot.lease, clock.now()))));
    }
  }
}
