import type { LockId } from '../../core/model/lock';
import type { OwnerText } from '../../core/model/ownerText';

/** Tells our own locks from those of others. */
export interface Identity {
  /** Whether this window holds the lock with this fingerprint. */
  ownsLock(id: LockId): boolean;
  /** Whether another window of this installation holds it. Also works on servers that drop DAV:owner. */
  ownsElsewhere?(id: LockId): boolean;
  /** Whether the lock may be from a LOCK request of ours that got no response. */
  mayOwn?(id: LockId): boolean;
  /** Whether an owner in our own format, or an account on this server, is the same person. */
  isMyself(owner: OwnerText): boolean;
}
