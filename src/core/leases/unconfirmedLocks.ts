import { Emitter } from '../../base/emitter';
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

/** The mark of a LOCK whose outcome is unknown, until when it counts, on the monotonic clock. */
export interface AwaitedMark {
  readonly mark: string;
  readonly resource: ResourceId;
  readonly until: number;
}

/** Some servers grant more than was asked for; nobody else may have our mark for longer than this. */
const maxGrantRatio = 2;

/**
 * Locks that may be ours because a LOCK of ours got no response. Where the server keeps the owner text, the random mark
 * in it identifies the lock; elsewhere only the user can, if the lock names no holder and appeared since.
 */
export class UnconfirmedLocks {
  private readonly unanswered = new Map<ResourceId, UnansweredRequests>();
  private readonly pending = new Map<string, Omit<AwaitedMark, 'mark'>>();
  private readonly changed = new Emitter<void>();

  /** The set of marks whose locks may be ours changed. */
  readonly onDidChange = this.changed.event;

  /** Whether the lock names no holder and may be ours. */
  has(id: LockId): boolean {
    for (const { ids } of this.unanswered.values()) if (ids.has(id)) return true;
    return false;
  }

  /** Whether a LOCK with this mark was sent for the resource and its outcome is unknown. */
  awaits(mark: string, resource: ResourceId): boolean {
    return (
      this.pending.get(mark)?.resource === resource || this.unanswered.get(resource)?.marks.has(mark) === true
    );
  }

  /** Whether a LOCK of the resource got no answer: it may be granted still. */
  mayHold(resource: ResourceId): boolean {
    return this.unanswered.has(resource);
  }

  /** The marks of requests under way or without a response: a window that ends now leaves them to the next one. */
  awaited(): readonly AwaitedMark[] {
    const pending = [...this.pending].map(([mark, sent]) => ({ mark, ...sent }));
    const unanswered = [...this.unanswered].flatMap(([resource, { marks, until }]) =>
      [...marks].map((mark) => ({ mark, resource, until })),
    );
    return [...pending, ...unanswered];
  }

  /** Takes over the marks of an earlier run. */
  restore(awaited: readonly AwaitedMark[], at: Stamp): void {
    for (const { mark, resource, until } of awaited) {
      const before: LockState = { kind: 'unknown', why: 'notAsked' };
      this.addMark(resource, mark, { before, at, until });
    }
  }

  /** A LOCK is sent; it ends with `failed` or `confirmed`. */
  sent(resource: ResourceId, { mark, seconds }: LockRequest, at: Stamp): void {
    for (const [id, { until }] of this.unanswered) if (until < at.mono) this.unanswered.delete(id);
    if (mark === undefined) return;
    this.pending.set(mark, { resource, until: untilOf(seconds, at) });
    this.changed.fire();
  }

  /** The LOCK failed. `before`: the lock state when it was sent. */
  failed({ resource, facts }: RemoteFailure, request: LockRequest, { before, at }: Unanswered): void {
    if (request.mark !== undefined) this.pending.delete(request.mark);
    if (this.wasUnlockedSince(resource, before)) this.unanswered.delete(resource);
    if (facts.maybeDone) this.add(resource, request, { before, at });
    const requests = this.unanswered.get(resource);
    if (requests && facts.ownerlessLock !== undefined && !listsLock(requests.before, facts.ownerlessLock))
      requests.ids.add(facts.ownerlessLock);
    this.changed.fire();
  }

  /** A lock is confirmed as ours: one resource has only one. */
  confirmed(resource: ResourceId): void {
    this.unanswered.delete(resource);
    for (const [mark, sent] of this.pending) if (sent.resource === resource) this.pending.delete(mark);
    this.changed.fire();
  }

  private add(resource: ResourceId, { mark, seconds }: LockRequest, { before, at }: Unanswered): void {
    this.addMark(resource, mark, { before, at, until: untilOf(seconds, at) });
  }

  private addMark(
    resource: ResourceId,
    mark: string | undefined,
    { until, ...since }: Unanswered & { readonly until: number },
  ): void {
    const requests = this.unanswered.get(resource) ?? { ...since, until, marks: new Set(), ids: new Set() };
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

function untilOf(seconds: number, { mono }: Stamp): number {
  return mono + seconds * 1_000 * maxGrantRatio;
}
