import type { LockId } from '../../core/model/lock';
import type { OwnerText } from '../../core/model/ownerText';

/** Who we are, as far as it decides whose a lock is. */
export interface Identity {
  /** Whether this window holds the lock with that fingerprint. */
  ownsLock(id: LockId): boolean;
  /** Whether another window of this installation holds it: also on servers that lose the owner. */
  ownsElsewhere?(id: LockId): boolean;
  /** Whether the lock may be one that we asked for and got no answer about. */
  mayOwn?(id: LockId): boolean;
  /** Whether an owner in our own form, or an account on this server, is the same person. */
  isMyself(owner: OwnerText): boolean;
}
