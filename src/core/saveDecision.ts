import type { FailureKind, RemoteFailure } from './failure';
import type { LockId, LockState } from './lock';
import type { ListingHabit } from './lockStore';

/** How long a lock that nobody holds (a server's own short transaction) is ridden out before anyone is bothered. */
export const rideOutMs = 2_000;
const firstPauseMs = 150;

/** What is known after a refused write and the look that followed it. */
export interface RefusedWrite {
  readonly failure: RemoteFailure;
  /** Locks of ours that were submitted. */
  readonly sent: readonly LockId[];
  /** Whether the write was bound to a version by If-Match. */
  readonly conditional: boolean;
  readonly state: LockState;
  readonly habit: ListingHabit;
  /** Whether the server's content is still what the person has seen. */
  readonly content: 'same' | 'changed' | 'gone' | 'unknown';
  readonly tried: ReadonlySet<RetryStep>;
  /** Milliseconds since the save began, and the pauses so far. */
  readonly spentMs: number;
  readonly pauses: number;
}

const mayMeanLostLock = new Set<FailureKind>(['locked', 'preconditionFailed', 'forbidden', 'conflict']);

export type RetryStep = 'relock' | 'verify' | 'unconditional' | 'resend' | 'asNew';

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
  const ours = locks.filter((lock) => lock.holder.self === 'thisWindow');
  if (locks.length > ours.length && ours.length === 0) return { do: 'report', as: 'locked' };
  if (content === 'changed') return { do: 'report', as: 'contentChanged' };
  // Somebody deleted the file: our text is all that is left of it.
  if (content === 'gone') return tried.has('asNew') ? { do: 'report', as: 'asIs' } : { do: 'asNew' };
  const oursGone = sent.length > 0 && write.habit === 'seen' && !ours.some((lock) => isOneOf(lock.id, sent));
  if (oursGone) return tried.has('relock') ? { do: 'report', as: 'leaseLost' } : { do: 'relock' };
  // A server that lists nothing tells only by a refresh whether our lock still stands.
  const doubtful = write.habit !== 'seen' && sent.length > 0;
  if (doubtful && !tried.has('verify') && mayMeanLostLock.has(failure.kind)) return { do: 'verify' };
  if (failure.kind === 'preconditionFailed' && write.conditional && content === 'same') {
    // A weak tag that has turned strong, or the other way round: the content is the same (RFC 9110 section 8.8.1).
    if (!tried.has('unconditional')) return { do: 'unconditional' };
  }
  if (ours.some((lock) => !isOneOf(lock.id, sent)) && !tried.has('resend')) return { do: 'resend' };
  // Who is named works for longer than a server does.
  if (failure.kind === 'locked' && failure.facts.told?.holder) return { do: 'report', as: 'locked' };
  if (failure.kind === 'locked') return rideOut(write);
  return { do: 'report', as: 'asIs' };
}

function rideOut({ failure, spentMs, pauses }: RefusedWrite): SaveDecision {
  const ms = Math.max(firstPauseMs * 2 ** pauses, failure.facts.retryAfterMs ?? 0);
  return spentMs + ms <= rideOutMs ? { do: 'pause', ms } : { do: 'report', as: 'locked' };
}

function isOneOf(id: LockId | undefined, ids: readonly LockId[]): boolean {
  return id !== undefined && ids.includes(id);
}
