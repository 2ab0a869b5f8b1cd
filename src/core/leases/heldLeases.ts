import type { KeptLease } from './leaseStorage';
import type { Claim, Lease } from '../model/lease';
import type { Slot } from './leaseSlot';
import type { Clock } from '../model/ports';
import { isWithin, type ResourceId } from '../model/resource';

/** Which locks this window holds, and who wants them: as far as it knows, without asking anybody. */
export class HeldLeases {
  protected readonly slots = new Map<ResourceId, Slot>();

  constructor(private readonly clock: Clock) {}

  of(resource: ResourceId): Lease | undefined {
    const slot = this.slots.get(resource);
    return slot?.state === 'held' ? slot.lease : undefined;
  }

  /** Being taken or held, for any reason. */
  isWanted(resource: ResourceId): boolean {
    const slot = this.slots.get(resource);
    return slot !== undefined && slot.state !== 'unlocking';
  }

  claimsOn(resource: ResourceId): ReadonlySet<Claim> {
    const slot = this.slots.get(resource);
    return slot && slot.state !== 'unlocking' ? slot.claims : new Set();
  }

  /** Every held lease whose lock covers the resource: its own and tree locks above it. */
  covering(resource: ResourceId): Lease[] {
    return this.held().filter(
      (lease) =>
        lease.resource === resource || (lease.depth === 'tree' && isWithin(resource, lease.resource)),
    );
  }

  /**
   * Like {@link covering}, without those whose time is over by one of our clocks: nobody knows whether they still stand.
   * The monotonic one may stand still while the machine sleeps, and the one on the wall may be set back.
   */
  assured(resource: ResourceId): Lease[] {
    const { mono, wall } = this.clock.now();
    return this.covering(resource).filter(
      ({ expiry }) => expiry.kind !== 'at' || (mono < expiry.at.mono && wall < expiry.at.wall),
    );
  }

  /** Every held lease on the resource or below it. */
  within(root: ResourceId): Lease[] {
    return this.held().filter((lease) => isWithin(lease.resource, root));
  }

  held(): Lease[] {
    return [...this.slots.values()].flatMap((slot) => (slot.state === 'held' ? [slot.lease] : []));
  }

  /** For keeping over the end of the window: what is held, and what is being let go and is wanted by nobody any more. */
  standing(): KeptLease[] {
    return [...this.slots.values()].flatMap((slot) => {
      if (slot.state === 'held') return [{ lease: slot.lease, claims: [...slot.claims] }];
      return slot.state === 'unlocking' ? [{ lease: slot.held.lease, claims: [] }] : [];
    });
  }
}
