import type { RecordedExchange } from '../locks/exchanges';
import type { LossReason } from '../model/evidence';
import type { LockId, LockState, Stamp } from '../model/lock';
import type { ResourceHistory } from '../locks/lockHistory';
import type { ListingSupport } from '../locks/stateFromAnswer';
import type { Rights } from '../model/ports';
import type { RefusedMember } from '../model/refusalInfo';
import type { ResourceId } from '../model/resource';

/** The part of our own lease that a diagnosis needs. */
export interface OwnLease {
  readonly id: LockId;
  /** Unix milliseconds. */
  readonly since: number;
}

/** Everything a diagnosis is based on; making it sends no requests. */
export interface Facts {
  readonly resource: ResourceId;
  readonly now: Stamp;
  /** The server's clock minus ours; absent if it sends no Date header. */
  readonly skewMs?: number;
  readonly state: LockState;
  readonly listingSupport: ListingSupport;
  /** Whether the folder was found to offer no locks. */
  readonly isLockless?: boolean;
  /** The server always shows the full timeout but does expire locks: one held longer is being refreshed. */
  readonly enforcesFullTimeout?: boolean;
  readonly history: ResourceHistory;
  /** Exchanges with this server, oldest first. */
  readonly exchanges: readonly RecordedExchange[];
  /** Our locks that cover the resource. */
  readonly leases: readonly OwnLease[];
  /** Why our lock was lost, until it is held again or the user knows. */
  readonly lost?: LossReason;
  /** Reading here needs a sign-in: one that reads proves its password. */
  readonly readsNeedSignIn?: boolean;
  readonly rights?: Rights;
  /** The server's version compared with the base version. */
  readonly content: 'same' | 'changed' | 'unknown';
  /** On how many known resources this resource's lock is listed. */
  readonly sameLockCount?: number;
  /** Other recently refused resources whose listed locks explain the refusal. */
  readonly lockedElsewhere?: ReadonlySet<ResourceId>;
  /** The members refused inside a 207, if the refusal is one. */
  readonly refusedMembers?: readonly RefusedMember[];
}

export const minute = 60_000;
export const hour = 60 * minute;
