import type { KeptLease } from './leaseStorage';
import type { Claim, Lease } from '../model/lease';
import type { Slot } from './leaseSlot';
import { isExpired } from './leaseTiming';
import type { Clock } from '../model/ports';
import { isWithin, type ResourceId } from '../model/resource';

/** The locks that this window holds and their claims, from local knowledge, without requests. */
export class HeldLeases {
  protected readonly slots = new Map<ResourceId, Slot>();

  constructor(private readonly clock: Clock) {}

  of(resource: ResourceId): Lease | undefined {
    const slot = this.slots.get(resource);
    return slot?.state === 'held' ? slot.lease : undefined;
  }

  /** Whether the lock is being taken or is held, for any claim. */
  isWanted(resource: ResourceId): boolean {
    const slot = this.slots.get(resource);
    return slot !== undefined && slot.state !== 'unlocking';
  }

  claimsOn(resource: ResourceId): ReadonlySet<Claim> {
    const slot = this.slots.get(resource);
    return slot && slot.state !== 'unlocking' ? slot.claims : new Set();
  }

  /** All held leases that cover the resource: its own lock and tree locks above it. */
  covering(resource: ResourceId): Lease[] {
    return this.held().filter(
      (lease) =>
        lease.resource === resource || (lease.depth === 'tree' && isWithin(resource, lease.resource)),
    );
  }

  /** Like {@link covering}, without leases that have expired: their locks may be lost. */
  unexpired(resource: ResourceId): Lease[] {
    const now = this.clock.now();
    return this.covering(resource).filter((lease) => !isExpired(lease, now));
  }

  /** All held leases on the resource or below it. */
  within(root: ResourceId): Lease[] {
    return this.held().filter((lease) => isWithin(lease.resource, root));
  }

  held(): Lease[] {
    return [...this.slots.values()].flatMap((slot) => (slot.state === 'held' ? [slot.lease] : []));
  }

  /** The held leases without those that a release without a response may have ended. */
  confirmed(): Lease[] {
    return [...this.slots.values()].flatMap((slot) =>
      slot.state === 'held' && !slot.unconfirmed ? [slot.lease] : [],
    );
  }

  /** For storage beyond this window: held leases with their claims, and leases being released, without claims. */
  leasesToStore(): KeptLease[] {
    return [...this.slots.values()].flatMap((slot) => {
      if (slot.state === 'held') return [{ lease: slot.lease, claims: [...slot.claims] }];
      return slot.state === 'unlocking' ? [{ lease: slot.held.lease, claims: [] }] : [];
    });
  }
}
