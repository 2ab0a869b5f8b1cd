import type { Lease } from '../model/lease';
import type { LockId } from '../model/lock';
import type { ResourceId } from '../model/resource';
import { UnconfirmedLocks } from './unconfirmedLocks';

/**
 * Identifies our locks in listings. Constructed before the servers, which use it to read listings, and before the
 * leases, which keep it up to date.
 */
export class OwnLocks {
  private readonly held = new Map<LockId, Lease>();
  private readonly byResource = new Map<ResourceId, Lease>();
  readonly unconfirmed = new UnconfirmedLocks();

  /** Whether this window holds the lock. */
  owns(id: LockId): boolean {
    return this.held.has(id);
  }

  /** The lock that this window holds on the resource. */
  heldOn(resource: ResourceId): Lease | undefined {
    return this.byResource.get(resource);
  }

  /** Whether the lock may be one that we requested without getting a response. */
  mayOwn(id: LockId): boolean {
    return this.unconfirmed.has(id);
  }

  add(lease: Lease): void {
    this.held.set(lease.id, lease);
    this.byResource.set(lease.resource, lease);
  }

  delete({ id, resource }: Lease): void {
    this.held.delete(id);
    if (this.byResource.get(resource)?.id === id) this.byResource.delete(resource);
  }
}
