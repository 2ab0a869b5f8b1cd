import type { RemoteFailure } from '../model/failure';
import { listsLock } from './leaseSlot';
import type { LockId, LockState, Stamp } from '../model/lock';
import type { ResourceId } from '../model/resource';

/** A LOCK request whose outcome is unknown. */
interface UnansweredRequest {
  /** The lock state before the request. */
  readonly before: LockState;
  readonly at: Stamp;
}

/**
 * Locks without a holder that may be ours: they appeared after a LOCK of ours got no response. Servers that keep
 * the owner text identify their locks; on the others only the user can.
 */
export class UnconfirmedLocks {
  private readonly unanswered = new Map<ResourceId, UnansweredRequest>();
  private readonly ids = new Set<LockId>();

  has(id: LockId): boolean {
    return this.ids.has(id);
  }

  /** A LOCK failed. `before`: the lock state when it was sent. */
  failed({ resource, facts }: RemoteFailure, before: LockState, at: Stamp): void {
    if (this.wasUnlockedSince(resource, before)) this.unanswered.delete(resource);
    if (facts.maybeDone && !this.unanswered.has(resource)) this.unanswered.set(resource, { before, at });
    const request = this.unanswered.get(resource);
    if (request && facts.ownerlessLock !== undefined && !listsLock(request.before, facts.ownerlessLock))
      this.ids.add(facts.ownerlessLock);
  }

  /** The lock is confirmed as ours. */
  confirmed(resource: ResourceId): void {
    this.unanswered.delete(resource);
  }

  /** Whether the resource was seen unlocked since. */
  private wasUnlockedSince(resource: ResourceId, now: LockState): boolean {
    const request = this.unanswered.get(resource);
    return request !== undefined && now.kind === 'unlocked' && now.at.mono > request.at.mono;
  }
}
