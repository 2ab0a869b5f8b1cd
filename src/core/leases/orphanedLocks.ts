import { type Disposable, Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { isFailure, orElse, type FailureKind } from '../model/failure';
import type { Lease } from '../model/lease';
import type { LockId } from '../model/lock';
import type { LockProviders } from '../model/lockProviders';
import type { Clock } from '../model/ports';
import type { Leases } from './leases';
import { isExpired, retryDelay } from './leaseTiming';

export interface OrphanedLocksDeps {
  readonly leases: Leases;
  readonly lockProviders: LockProviders;
  readonly clock: Clock;
}

interface Orphan {
  readonly lease: Lease;
  failures: number;
  isReported: boolean;
  timer: Disposable | undefined;
}

/** Failures that leave open whether the server has released the lock, or will when it is asked again. */
const undecided = new Set<FailureKind>([
  'unreachable',
  'interrupted',
  'timeout',
  'busy',
  'serverFault',
  'badAnswer',
  'signInNeeded',
  'canceled',
]);

/**
 * A lock ends with its file (RFC 4918 sections 7.4 and 7.6), but a server may keep it, even unlisted, on the now
 * free name, which blocks everybody. So it is released in any case, as often as it takes to get an answer, and
 * reported if it remains.
 */
export class OrphanedLocks extends Owner {
  private readonly orphans = new Map<LockId, Orphan>();
  private readonly unreleased = this.owned.add(new Emitter<Lease>());
  private readonly changed = this.owned.add(new Emitter<void>());
  private ended = false;

  /** The server still lists the lock and did not release it. */
  readonly onDidFailToRelease = this.unreleased.event;
  /** The set of locks still to be released changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: OrphanedLocksDeps) {
    super();
    this.owned.add(deps.leases.onDidForget((lease) => this.add(lease)));
  }

  /** Releases the lock in the background. */
  add(lease: Lease): void {
    if (this.orphans.has(lease.id)) return;
    const orphan: Orphan = { lease, failures: 0, isReported: false, timer: undefined };
    this.orphans.set(lease.id, orphan);
    this.changed.fire();
    void this.release(orphan);
  }

  /** The locks whose release has not been answered yet, for the next run if this one ends before. */
  all(): readonly Lease[] {
    return [...this.orphans.values()].map(({ lease }) => lease);
  }

  override dispose(): void {
    this.ended = true;
    for (const { timer } of this.orphans.values()) timer?.dispose();
    super.dispose();
  }

  /** Never rejects with a RemoteFailure: a lock that cannot be checked shows up when the name is used. */
  private async release(orphan: Orphan): Promise<void> {
    const { lease } = orphan;
    const failure = await this.unlock(lease);
    if (failure === undefined || !undecided.has(failure) || isExpired(lease, this.deps.clock.now())) {
      this.orphans.delete(lease.id);
      this.changed.fire();
    } else if (!this.ended) {
      const ms = retryDelay((orphan.failures += 1));
      orphan.timer = this.deps.clock.after(ms, () => void this.release(orphan));
    }
    if (orphan.isReported || !(await this.isListed(lease))) return;
    orphan.isReported = true;
    this.unreleased.fire(lease);
  }

  private async unlock(lease: Lease): Promise<FailureKind | undefined> {
    try {
      await this.deps.lockProviders.of(lease.resource).release(lease);
      return undefined;
    } catch (error) {
      if (!isFailure(error)) throw error;
      return error.kind;
    }
  }

  private async isListed({ resource, id }: Lease): Promise<boolean> {
    const listing = await orElse(undefined, () => this.deps.lockProviders.of(resource).look(resource));
    return listing?.locks.some((lock) => lock.id === id) ?? false;
  }
}
