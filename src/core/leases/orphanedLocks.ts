import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { isFailure } from '../model/failure';
import type { Lease } from '../model/lease';
import type { Leases } from './leases';
import type { LockProviders } from '../model/lockProviders';

export interface OrphanedLocksDeps {
  readonly leases: Leases;
  readonly lockProviders: LockProviders;
}

/**
 * A lock ends with its file (RFC 4918 sections 7.4 and 7.6), but a server may keep it, even unlisted, on the now
 * free name, which blocks everybody. So it is released in any case, and reported if it remains.
 */
export class OrphanedLocks implements Disposable {
  private readonly unreleased = new Emitter<Lease>();
  private readonly subscription: Disposable;

  /** The server still lists the lock and did not release it. */
  readonly onDidFailToRelease = this.unreleased.event;

  constructor(private readonly deps: OrphanedLocksDeps) {
    this.subscription = deps.leases.onDidForget((lease) => void this.release(lease));
  }

  dispose(): void {
    this.subscription.dispose();
    this.unreleased.dispose();
  }

  /** Never rejects with a RemoteFailure: a lock that cannot be checked shows up when the name is used. */
  private async release(lease: Lease): Promise<void> {
    try {
      await this.unlock(lease);
      if (await this.isListed(lease)) this.unreleased.fire(lease);
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
  }

  private async unlock(lease: Lease): Promise<void> {
    try {
      await this.deps.lockProviders.of(lease.resource).release(lease);
    } catch (error) {
      // The next listing shows whether it worked.
      if (!isFailure(error)) throw error;
    }
  }

  private async isListed({ resource, id }: Lease): Promise<boolean> {
    const { locks } = await this.deps.lockProviders.of(resource).look(resource);
    return locks.some((lock) => lock.id === id);
  }
}
