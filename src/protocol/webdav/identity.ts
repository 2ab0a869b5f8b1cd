import type { LockId } from '../../core/model/lock';
import type { ResourceId } from '../../core/model/resource';

/**
 * Tells our own locks from those of others. Only what this installation has stored is proof: anybody can copy an owner
 * text.
 */
export interface Identity {
  /** Whether this window holds the lock with this fingerprint. */
  ownsLock(id: LockId): boolean;
  /** Whether another window of this installation holds it or has left it. */
  ownsElsewhere?(id: LockId): boolean;
  /** Whether the lock names no holder and may be from a LOCK request of ours that got no response. */
  mayOwn?(id: LockId): boolean;
  /** The lock that this window holds on the resource. */
  heldOn?(resource: ResourceId): LockId | undefined;
  /** The lock on the resource whose mark is this, if a window of this installation holds it or has left it. */
  lockByMark?(mark: string, resource: ResourceId): LockId | undefined;
  /** Whether a LOCK request of ours with this mark was sent for the resource and its outcome is unknown. */
  awaits?(mark: string, resource: ResourceId): boolean;
  /** Whether this is the account that we use on this server. */
  isMyAccount(account: string): boolean;
}
