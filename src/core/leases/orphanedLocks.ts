import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { isFailure } from '../model/failure';
import type { Lease } from '../model/lease';
import type { Leases } from './leases';
import type { ServerOf } from '../model/ports';

export interface OrphanedLocksDeps {
  readonly leases: Leases;
  readonly serverOf: ServerOf;
}

/**
 * A lock goes with its file (RFC 4918 sections 7.4 and 7.6), but a server may keep it under the name that is free now,
 * which bars everybody from it. Such a lock of ours is released; one that stays even so is told of.
 */
export class OrphanedLocks implements Disposable {
  private readonly stayed = new Emitter<Lease>();
  private readonly subscription: Disposable;

  /** The server still lists the lock, and does not release it. */
  readonly onDidStay = this.stayed.event;

  constructor(private readonly deps: OrphanedLocksDeps) {
    this.subscription = deps.leases.onDidForget((lease) => void this.layToRest(lease));
  }

  dispose(): void {
    this.subscription.dispose();
    this.stayed.dispose();
  }

  /** Never rejects with a RemoteFailure: what cannot be asked about shows when the name is used. */
  private async layToRest(lease: Lease): Promise<void> {
    try {
      if (!(await this.isListed(lease))) return;
      await this.release(lease);
      if (await this.isListed(lease)) this.stayed.fire(lease);
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
  }

  private async release(lease: Lease): Promise<void> {
    try {
      await this.deps.serverOf(lease.resource).unlock(lease);
    } catch (error) {
      // The listing tells whether it helped.
      if (!isFailure(error)) throw error;
    }
  }

  private async isListed({ resource, id }: Lease): Promise<boolean> {
    const { listing } = await this.deps.serverOf(resource).stat(resource);
    return listing.locks.some((lock) => lock.id === id);
  }
}
