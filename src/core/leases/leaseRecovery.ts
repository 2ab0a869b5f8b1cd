import { Owner } from '../../base/disposable';
import { Timer } from '../../base/timer';
import { Emitter } from '../../base/emitter';
import type { Directory } from '../polling/directory';
import { isFailure } from '../model/failure';
import type { InheritedLease, InheritedLeases } from './inheritedLeases';
import type { KeptLease, LeaseStorage } from './leaseStorage';
import type { Claim, Lease } from '../model/lease';
import type { Leases } from './leases';
import { listsLock } from './leaseSlot';
import type { OrphanedLocks } from './orphanedLocks';
import { isExpired } from './leaseTiming';
import type { LockStore } from '../locks/lockStore';
import type { Clock } from '../model/ports';
import { withTimeout } from './withTimeout';
import type { LockProviders } from '../model/lockProviders';
import { serverOf as serverIdOf, type ResourceId } from '../model/resource';

/** A lock that expires within this time does not block others for long if its holder never returns. */
const shortMs = 3_600_000;

/**
 * Whether a lock stays on the server when its window closes or reloads (VS Code does not say which). Locks taken
 * by hand stay; the lock of a dirty document stays, because the editor restores its text, but only if the lock
 * expires by itself in case the user does not return; all others are released.
 */
export function outlivesWindow(lease: Lease, claims: ReadonlySet<Claim>, isDirty: boolean): boolean {
  if (claims.has('hand')) return true;
  return isDirty && lease.expiry.kind === 'at' && lease.grantedMs !== undefined && lease.grantedMs <= shortMs;
}

export interface RecoveryDeps {
  readonly inherited: InheritedLeases;
  readonly leaseStorage: LeaseStorage;
  readonly leases: Leases;
  readonly orphanedLocks: OrphanedLocks;
  readonly lockProviders: LockProviders;
  readonly directory: Directory;
  readonly store: LockStore;
  readonly isDirty: (resource: ResourceId) => boolean;
  readonly clock: Clock;
  /** Storage or the server failed; the only cost is convenience. */
  readonly onProblem: (doing: string, error: unknown) => void;
}

/** New locks wait this long for the storage of the old ones. */
const storageMs = 10_000;
/** After a crash of several windows each first resumes its own locks; the rest after this belongs to nobody. */
const firstCheckMs = 20_000;
/** Longest delay between checks: a leftover may expire, another window may die, unreadable storage may recover. */
const longestPauseMs = 5 * 60_000;

/**
 * The locks that earlier runs left on servers: a wanted one is refreshed and not locked anew; for the rest, the
 * user chooses to take it back or release it.
 */
export class LeaseRecovery extends Owner {
  private readonly checkDone = this.owned.add(new Emitter<void>());
  private checked = false;
  private readonly timer: Timer;
  /** Delay before the next check, in milliseconds. */
  private pause = firstCheckMs;

  /** The set of leftover locks, or of those that may still be held, changed. */
  readonly onDidChange = this.checkDone.event;

  constructor(private readonly deps: RecoveryDeps) {
    super();
    this.timer = this.owned.add(new Timer(deps.clock));
    this.owned.add(deps.inherited.onDidChange(() => this.checkDone.fire()));
  }

  /** Resumes the locks that this workspace left; new LOCK requests wait until they are loaded. Never rejects. */
  async start(): Promise<void> {
    const { leases, inherited, orphanedLocks } = this.deps;
    this.owned.add(leases.onDidChange(() => void this.keep()));
    this.owned.add(orphanedLocks.onDidChange(() => void this.keep()));
    const loaded = this.load('here');
    // A lock must not wait for storage that does not answer: at worst the server refuses it because of our old one.
    inherited.waitForStorage(withTimeout(this.deps.clock, storageMs, loaded));
    this.scheduleCheck();
    await loaded;
    await this.resumeWanted();
    await this.releaseUnclaimed();
  }

  /** Locks of earlier runs that nobody has resumed. */
  leftovers(): readonly Lease[] {
    return this.deps.inherited.all().map(({ lease }) => lease);
  }

  /** The leftovers to show to the user: those that may still be held, once they have been checked. */
  checkedLeftovers(): readonly Lease[] {
    return this.checked ? this.leftovers() : [];
  }

  /** The leftover on this resource, once storage was read and a release under way has ended. */
  leftoverOn(resource: ResourceId): Promise<KeptLease | undefined> {
    return this.deps.inherited.of(resource);
  }

  /** Rejects with a RemoteFailure; the lock then stays a leftover. */
  async release(lease: Lease): Promise<void> {
    const { inherited, lockProviders, store, clock } = this.deps;
    const { resource, id } = lease;
    const releasing = lockProviders.of(resource).release(lease);
    await inherited.trackRelease(lease, releasing);
    const { wasHeld } = await releasing;
    await this.keep();
    store.apply({ kind: 'released', resource, id, wasHeld, at: clock.now() });
  }

  /** Stores the held leases, the leftovers, and what is still to be released. Never rejects. */
  async keep(): Promise<void> {
    const held = this.deps.leases.leasesToStore();
    const known = new Set(held.map(({ lease }) => lease.resource));
    const orphaned = this.deps.orphanedLocks.all().filter(({ resource }) => !known.has(resource));
    for (const { resource } of orphaned) known.add(resource);
    const ours = [...held, ...orphaned.map((lease): KeptLease => ({ lease, claims: [] }))];
    const left = this.deps.inherited.all().filter(({ lease }) => !known.has(lease.resource));
    await this.store('Keeping leases', () => this.deps.leaseStorage.keep([...ours, ...left]));
  }

  private async load(...order: readonly ('here' | 'all')[]): Promise<void> {
    const { inherited, leaseStorage } = this.deps;
    await this.store('Looking for leases of an earlier run', async () => {
      for (const whose of order) {
        const found = await leaseStorage.inherit(whose);
        inherited.add(found.map((kept) => ({ ...kept, isOurs: whose === 'here' })));
      }
    });
    if (inherited.all().length > 0) await this.keep();
  }

  /** Retried: at startup the network may be down, and these locks expire unless they are refreshed. */
  private async resumeWanted(): Promise<void> {
    for (const left of this.deps.inherited.all()) {
      const { lease } = left;
      const claim = this.claimToResume(left);
      if (claim === undefined) continue;
      await this.try(`Taking up the lock on ${lease.resource}`, lease, () =>
        this.deps.leases.take(lease.resource, claim),
      );
    }
  }

  /** A lock taken by hand stays until released by hand, even over a restart; one for editing, while dirty. */
  private claimToResume({ lease, claims, isOurs }: InheritedLease): Claim | undefined {
    if (!isOurs) return undefined;
    if (claims.includes('hand')) return 'hand';
    return claims.includes('edit') && this.deps.isDirty(lease.resource) ? 'edit' : undefined;
  }

  /** Releases locks whose window ended while it was releasing them. */
  private async releaseUnclaimed(): Promise<void> {
    for (const { lease, claims } of this.deps.inherited.all()) {
      if (claims.length > 0) continue;
      await this.try(`Releasing the lock on ${lease.resource}`, lease, () => this.release(lease));
    }
  }

  private scheduleCheck(): void {
    this.timer.set(this.pause, () => void this.recheck());
  }

  private async recheck(): Promise<void> {
    await this.load('here', 'all');
    await this.resumeWanted();
    await this.check();
    const isWanted = this.deps.inherited.all().some((left) => this.claimToResume(left));
    this.pause = isWanted ? Math.min(longestPauseMs, 2 * this.pause) : longestPauseMs;
    this.scheduleCheck();
  }

  /** Only locks that may still be held are offered. */
  private async check(): Promise<void> {
    for (const { lease, claims } of this.deps.inherited.all()) {
      // Whatever is shown, its release has not been answered yet.
      if (claims.length === 0) continue;
      await this.try(`Asking about the lock on ${lease.resource}`, lease, async () => {
        await this.deps.directory.stat(lease.resource, 0);
        if (!this.mayBeHeld(lease)) this.deps.inherited.settled(lease);
      });
    }
    await this.releaseUnclaimed();
    this.checked = true;
    this.checkDone.fire();
    await this.keep();
  }

  private mayBeHeld(lease: Lease): boolean {
    const { resource, id } = lease;
    const { store, clock } = this.deps;
    const state = store.stateOf(resource);
    const isListed = listsLock(state, id);
    if (isListed || store.listingSupportOf(serverIdOf(resource)) === 'seen') return isListed;
    return !isExpired(lease, clock.now());
  }

  private async try(doing: string, lease: Lease, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!isFailure(error, 'notFound')) return this.deps.onProblem(doing, error);
      // The file was deleted; its lock may have outlived it.
      this.deps.inherited.settled(lease);
      this.deps.orphanedLocks.add(lease);
    }
  }

  private async store(doing: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.deps.onProblem(doing, error);
    }
  }
}
