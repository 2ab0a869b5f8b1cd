import type { FailureKind, RemoteFailure } from '../model/failure';
import type { Lock, LockId, LockState } from '../model/lock';
import type { ListingSupport } from '../locks/lockStore';

/** How long a lock that nobody holds (a server's own short transaction) is ridden out before anyone is bothered. */
export const rideOutMs = 2_000;
const firstPauseMs = 150;

/** What is known after a refused write and the look that followed it. */
export interface RefusedWrite {
  readonly failure: RemoteFailure;
  /** Locks of ours that were submitted. */
  readonly sent: readonly LockId[];
  /** A LOCK of ours is under way: the server may have given it already and be slow to say so. */
  readonly lockComing: boolean;
  /** If-Match as it was sent, and as it would be for the content that is there now. */
  readonly boundTo: string | undefined;
  readonly tagNow: string | undefined;
  readonly state: LockState;
  readonly listingSupport: ListingSupport;
  /** Whether the server's content is still what the person has seen. */
  readonly content: 'same' | 'changed' | 'gone' | 'unknown';
  readonly tried: ReadonlySet<RetryStep>;
  /** Milliseconds since the save began, and the pauses so far. */
  readonly spentMs: number;
  readonly pauses: number;
}

/** Refusals behind which a lock or a changed content may stand: servers use them for both. */
const mayMeanLock = new Set<FailureKind>([
  'locked',
  'preconditionFailed',
  'forbidden',
  'partly',
  'conflict',
  'exists',
]);

/** Failures after which the server may have something else than before, although it did not say so. */
const mayHaveWritten = new Set<FailureKind>(['serverFault', 'quota', 'badAnswer']);

/** What a failed write leaves open: whether the text is there, or whether a lock or a new content is behind it. */
export function uncertaintyAfter({ kind, facts }: RemoteFailure): 'written' | 'refused' | undefined {
  if (facts.maybeDone || mayHaveWritten.has(kind)) return 'written';
  return mayMeanLock.has(kind) ? 'refused' : undefined;
}

const mayMeanLostLock = new Set<FailureKind>(['locked', 'preconditionFailed', 'forbidden', 'conflict']);

export type RetryStep = 'awaitLock' | 'relock' | 'verify' | 'rebind' | 'unconditional' | 'resend' | 'asNew';

export type SaveDecision =
  | { readonly do: 'report'; readonly as: 'locked' | 'contentChanged' | 'leaseLost' | 'asIs' }
  | { readonly do: RetryStep }
  | { readonly do: 'pause'; readonly ms: number };

/**
 * What a refused write means and what to do next. 412 and 423 say the same on different servers, so the look decides
 * and not the status (RFC 4918 sections 10.4 and 11.3; section 6.6: locks may vanish at any time).
 */
export function decideSave(write: RefusedWrite): SaveDecision {
  const { failure, state, content, tried, sent } = write;
  const locks = state.kind === 'locked' ? state.locks : [];
  const ours = locks.filter(isOurs);
  const mayBeOurs = write.lockComing && !locks.some((lock) => lock.holder.self === 'other');
  if (mayBeOurs && mayMeanLostLock.has(failure.kind) && !tried.has('awaitLock')) return { do: 'awaitLock' };
  if (isBarred(state)) return { do: 'report', as: 'locked' };
  if (content === 'changed') return { do: 'report', as: 'contentChanged' };
  // Somebody deleted the file: our text is all that is left of it.
  if (content === 'gone') return tried.has('asNew') ? { do: 'report', as: 'asIs' } : { do: 'asNew' };
  const oursGone =
    sent.length > 0 && write.listingSupport === 'seen' && !ours.some((lock) => isOneOf(lock.id, sent));
  if (oursGone) return tried.has('relock') ? { do: 'report', as: 'leaseLost' } : { do: 'relock' };
  // A server that lists nothing tells only by a refresh whether our lock still stands.
  const doubtful = write.listingSupport !== 'seen' && sent.length > 0;
  if (doubtful && !tried.has('verify') && mayMeanLostLock.has(failure.kind)) return { do: 'verify' };
  if (failure.kind === 'preconditionFailed' && write.boundTo !== undefined && content === 'same') {
    // The same content was written again, so there is a new tag to be bound to.
    if (write.tagNow !== undefined && write.tagNow !== write.boundTo)
      return tried.has('rebind') ? { do: 'report', as: 'asIs' } : { do: 'rebind' };
    // A strong tag that has turned weak (RFC 9110 section 8.8.1), or a condition that was not understood.
    if (!tried.has('unconditional')) return { do: 'unconditional' };
  }
  // The file was away for a moment only, as while a program replaces it.
  const isBack = failure.kind === 'exists' && tried.has('asNew') && content === 'same';
  const isUnsent = ours.some((lock) => !isOneOf(lock.id, sent));
  if ((isBack || isUnsent) && !tried.has('resend')) return { do: 'resend' };
  // Who is named works for longer than a server does.
  if (failure.kind === 'locked' && failure.facts.refusal?.holder) return { do: 'report', as: 'locked' };
  if (failure.kind === 'locked') return rideOut(write);
  return { do: 'report', as: 'asIs' };
}

/** Somebody else's lock is on it, and none of ours. */
export function isBarred(state: LockState): boolean {
  return state.kind === 'locked' && state.locks.length > 0 && !state.locks.some(isOurs);
}

function isOurs({ holder }: Lock): boolean {
  return holder.self === 'thisWindow';
}

function rideOut({ failure, spentMs, pauses }: RefusedWrite): SaveDecision {
  const ms = Math.max(firstPauseMs * 2 ** pauses, failure.facts.retryAfterMs ?? 0);
  return spentMs + ms <= rideOutMs ? { do: 'pause', ms } : { do: 'report', as: 'locked' };
}

function isOneOf(id: LockId | undefined, ids: readonly LockId[]): boolean {
  return id !== undefined && ids.includes(id);
}
