import type { Lease } from './lease';
import type { Lock, LockId, LockListing, Stamp, UnknownWhy } from './lock';
import type { ResourceId, ServerId } from './resource';

/** Why one of our locks no longer stands, as far as known. */
export type LostWhy = 'expired' | 'broken' | 'taken' | 'unknown';

/** News about locks. Everything that is known of them came in as one of these, by `LockStore.apply`. */
export type Evidence =
  /** Answers to "which locks are here?". */
  | { readonly kind: 'listed'; readonly entries: readonly ListedEntry[]; readonly at: Stamp }
  /** The question could not be answered. */
  | {
      readonly kind: 'unanswered';
      readonly resource: ResourceId;
      readonly why: UnknownWhy;
      readonly at: Stamp;
    }
  /** A 423: somebody's lock bars us, whether or not the server lists it. */
  | {
      readonly kind: 'refused';
      readonly resource: ResourceId;
      readonly at: Stamp;
      /** The lock as far as the refusal itself speaks of it. */
      readonly lock?: Lock;
    }
  /** We hold a lock: a LOCK or a refresh succeeded. */
  | { readonly kind: 'held'; readonly lease: Lease; readonly lock: Lock; readonly at: Stamp }
  /** We let a lock go. */
  | { readonly kind: 'released'; readonly resource: ResourceId; readonly id: LockId; readonly at: Stamp }
  /** A lock of ours stands no more, without our doing. */
  | {
      readonly kind: 'lost';
      readonly resource: ResourceId;
      readonly id: LockId;
      readonly why: LostWhy;
      readonly at: Stamp;
    }
  /** The person knows that the lock was lost, or it does not matter any more. */
  | { readonly kind: 'lossSettled'; readonly resource: ResourceId }
  /** Nothing is there any more under these names, nor below them: deleted or moved away. */
  | { readonly kind: 'gone'; readonly resources: readonly ResourceId[] }
  /** Whether a server is one without locks at all, by what its OPTIONS says. */
  | { readonly kind: 'lockless'; readonly server: ServerId; readonly is: boolean };

export interface ListedEntry {
  readonly resource: ResourceId;
  readonly listing: LockListing;
}
