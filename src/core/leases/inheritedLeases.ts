import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Lease } from '../model/lease';
import type { ResourceId } from '../model/resource';
import type { Inheritance, KeptLease } from './leaseStorage';

/** A lease left by an earlier run. */
export interface InheritedLease extends KeptLease {
  /** Left by this workspace, which still wants what it claimed then. */
  readonly isOurs: boolean;
}

/**
 * The locks that earlier runs left on servers and that nobody has resumed. `LeaseRecovery` adds them; `Leases`
 * resumes one when its resource is claimed again.
 */
export class InheritedLeases extends Owner implements Inheritance {
  private readonly kept = new Map<ResourceId, InheritedLease>();
  private readonly releasing = new Map<ResourceId, Promise<unknown>>();
  private readonly changed = this.owned.add(new Emitter<void>());
  private ready: Promise<void> = Promise.resolve();

  readonly onDidChange = this.changed.event;

  all(): InheritedLease[] {
    return [...this.kept.values()];
  }

  /** Waits for the storage to be read and for a release under way. */
  async of(resource: ResourceId): Promise<KeptLease | undefined> {
    await this.ready;
    await this.releasing.get(resource);
    return this.kept.get(resource);
  }

  settled(lease: Lease): void {
    if (this.kept.get(lease.resource)?.lease.id !== lease.id) return;
    this.kept.delete(lease.resource);
    this.changed.fire();
  }

  /** `of` waits until the storage was read. */
  waitForStorage(done: Promise<void>): void {
    this.ready = done;
  }

  /** Two windows may have left a lock on the same file: only the later one can still be held. */
  add(found: readonly InheritedLease[]): void {
    for (const left of found) {
      const { resource, since } = left.lease;
      const known = this.kept.get(resource);
      if (!known || known.lease.since.wall <= since.wall) this.kept.set(resource, left);
    }
    if (found.length > 0) this.changed.fire();
  }

  /** `of` waits for the release: afterwards the lock is either free or can still be resumed. */
  async trackRelease(lease: Lease, unlock: Promise<unknown>): Promise<void> {
    this.releasing.set(lease.resource, Promise.allSettled([unlock]));
    try {
      await unlock;
      this.settled(lease);
    } finally {
      this.releasing.delete(lease.resource);
    }
  }
}
