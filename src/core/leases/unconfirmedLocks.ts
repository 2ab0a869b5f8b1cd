import type { RemoteFailure } from '../model/failure';
import { listsLock } from './leaseSlot';
import type { LockId, LockState, Stamp } from '../model/lock';
import type { LockRequest } from '../model/ports';
import type { ResourceId } from '../model/resource';

interface Unanswered {
  readonly before: LockState;
  readonly at: Stamp;
}

/** LOCK requests for one resource whose outcome is unknown, with the lock state before the first of them. */
interface UnansweredRequests extends Unanswered {
  /** When the last lock that they may have taken ends, as far as we asked, on the monotonic clock. */
  until: number;
  readonly marks: Set<string>;
  /** Locks without a holder that may be theirs. */
  readonly ids: Set<LockId>;
}

/** Some servers grant more than was asked for; nobody else may have our mark for longer than this. */
const maxGrantRatio = 2;

/**
 * Locks that may be ours because a LOCK of ours got no response. Where the server keeps the owner text, the random mark
 * in it identifies the lock; elsewhere only the user can, if the lock names no holder and appeared since.
 */
export class UnconfirmedLocks {
  private readonly unanswered = new Map<ResourceId, UnansweredRequests>();
  private readonly pending = new Map<string, ResourceId>();

  /** Whether the lock names no holder and may be ours. */
  has(id: LockId): boolean {
    for (const { ids } of this.unanswered.values()) if (ids.has(id)) return true;
    return false;
  }

  /** Whether a LOCK with this mark was sent for the resource and its outcome is unknown. */
  awaits(mark: string, resource: ResourceId): boolean {
    return this.pending.get(mark) === resource || this.unanswered.get(resource)?.marks.has(mark) === true;
  }

  /** A LOCK is sent; it ends with `failed` or `confirmed`. */
  sent(resource: ResourceId, { mark }: LockRequest, at: Stamp): void {
    for (const [id, { until }] of this.unanswered) if (until < at.mono) this.unanswered.delete(id);
    if (mark !== undefined) this.pending.set(mark, resource);
  }

  /** The LOCK failed. `before`: the lock state when it was sent. */
  failed({ resource, facts }: RemoteFailure, request: LockRequest, { before, at }: Unanswered): void {
    if (request.mark !== undefined) this.pending.delete(request.mark);
    if (this.wasUnlockedSince(resource, before)) this.unanswered.delete(resource);
    if (facts.maybeDone) this.add(resource, request, { before, at });
    const requests = this.unanswered.get(resource);
    if (requests && facts.ownerlessLock !== undefined && !listsLock(requests.before, facts.ownerlessLock))
      requests.ids.add(facts.ownerlessLock);
  }

  /** A lock is confirmed as ours: one resource has only one. */
  confirmed(resource: ResourceId): void {
    this.unanswered.delete(resource);
    for (const [mark, of] of this.pending) if (of === resource) this.pending.delete(mark);
  }

  private add(resource: ResourceId, { mark, seconds }: LockRequest, { before, at }: Unanswered): void {
    const until = at.mono + seconds * 1_000 * maxGrantRatio;
    const requests = this.unanswered.get(resource) ?? { before, at, until, marks: new Set(), ids: new Set() };
    requests.until = until;
    if (mark !== undefined) requests.marks.add(mark);
    this.unanswered.set(resource, requests);
  }

  /** Whether the resource was seen unlocked since. */
  private wasUnlockedSince(resource: ResourceId, now: LockState): boolean {
    const requests = this.unanswered.get(resource);
    return requests !== undefined && now.kind === 'unlocked' && now.at.mono > requests.at.mono;
  }
}
