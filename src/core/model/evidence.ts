import type { Lease } from './lease';
import type { Lock, LockId, LockListing, Stamp, UnknownReason } from './lock';
import type { ResourceId } from './resource';

/** Why we lost one of our locks, as far as known. */
export type LossReason = 'expired' | 'broken' | 'taken' | 'unknown';

/** An observation about locks. Everything known about locks enters through `LockStore.apply` as one of these. */
export type Evidence =
  /** A server listed the locks on these resources. */
  | { readonly kind: 'listed'; readonly entries: readonly ListedEntry[]; readonly at: Stamp }
  /** The locks could not be listed. */
  | {
      readonly kind: 'unanswered';
      readonly resource: ResourceId;
      readonly why: UnknownReason;
      readonly at: Stamp;
    }
  /** A 423: somebody's lock blocks us, whether or not the server lists it. */
  | {
      readonly kind: 'refused';
      readonly resource: ResourceId;
      readonly at: Stamp;
      /** The lock as the refusal describes it. */
      readonly lock?: Lock;
    }
  /** We hold a lock: a LOCK or a refresh succeeded. */
  | { readonly kind: 'held'; readonly lease: Lease; readonly lock: Lock; readonly at: Stamp }
  /** We no longer hold a lock; only if it was held until we released it, the resource is unlocked now. */
  | {
      readonly kind: 'released';
      readonly resource: ResourceId;
      readonly id: LockId;
      readonly wasHeld: boolean;
      readonly at: Stamp;
    }
  /** We tried to release a lock, and whether the server did it is unknown. */
  | {
      readonly kind: 'unconfirmed';
      readonly resource: ResourceId;
      readonly id: LockId;
      readonly why: UnknownReason;
      readonly at: Stamp;
    }
  /** We lost a lock without releasing it. */
  | {
      readonly kind: 'lost';
      readonly resource: ResourceId;
      readonly id: LockId;
      readonly why: LossReason;
      readonly at: Stamp;
    }
  /** The user knows that the lock was lost, or it no longer matters. */
  | { readonly kind: 'lossSettled'; readonly resource: ResourceId }
  /** These resources and everything below them were deleted or moved. */
  | { readonly kind: 'gone'; readonly resources: readonly ResourceId[] }
  /** Whether a folder has no locks at all, according to its OPTIONS response. Other folders may have some. */
  | { readonly kind: 'lockless'; readonly folder: ResourceId; readonly is: boolean }
  /** The server grants locks in a folder that refuse nobody. */
  | { readonly kind: 'notEnforced'; readonly folder: ResourceId };

export interface ListedEntry {
  readonly resource: ResourceId;
  readonly listing: LockListing;
}
