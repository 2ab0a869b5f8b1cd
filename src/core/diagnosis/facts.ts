import type { RecordedExchange } from '../locks/exchanges';
import type { LockId, LockState, Stamp } from '../model/lock';
import type { ResourceHistory } from '../locks/lockHistory';
import type { ListingSupport } from '../locks/lockStore';
import type { Rights } from '../model/ports';
import type { RefusedMember } from '../model/refusalInfo';
import type { ResourceId } from '../model/resource';

/** Our own lock, as far as it matters here. */
export interface OwnLease {
  readonly id: LockId;
  /** Unix milliseconds. */
  readonly since: number;
}

/** All that a diagnosis rests on. Nothing is asked while it is made. */
export interface Facts {
  readonly resource: ResourceId;
  readonly now: Stamp;
  /** The server's clock minus ours; absent where it sends no Date. */
  readonly skewMs?: number;
  readonly state: LockState;
  readonly listingSupport: ListingSupport;
  /** Shows a lock's full time always, and does end it: one that stands longer is being refreshed. */
  readonly endsUnseen?: boolean;
  readonly history: ResourceHistory;
  /** Exchanges with this server, oldest first. */
  readonly exchanges: readonly RecordedExchange[];
  /** Our locks that cover the resource. */
  readonly leases: readonly OwnLease[];
  /** Locks of ours that are lost or were let go, so far as this run knows. */
  readonly formerIds: ReadonlySet<LockId>;
  readonly rights?: Rights;
  /** The server's content against what the person has seen. */
  readonly content: 'same' | 'changed' | 'unknown';
  /** The resources that each known lock of the server is listed on. */
  readonly sameLockOn?: number;
  /** Other resources, refused lately, whose locks explain that. */
  readonly lockedElsewhere?: ReadonlySet<ResourceId>;
  /** What was refused inside a 207, where one stands in the way. */
  readonly members?: readonly RefusedMember[];
}

export const minute = 60_000;
export const hour = 60 * minute;
