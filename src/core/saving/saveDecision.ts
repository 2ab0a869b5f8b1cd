import type { FailureKind, RemoteFailure } from '../model/failure';
import type { LockId, LockState } from '../model/lock';
import { isOurs } from '../model/lockView';
import type { ListingSupport } from '../locks/stateFromAnswer';

/** How long to wait out a lock without a holder (a server's own short transaction) before notifying anyone. */
export const transientLockMs = 2_000;
const firstPauseMs = 150;

/** What is known after a refused write and the check that followed it. */
export interface RefusedWrite {
  readonly failure: RemoteFailure;
  /** Our locks that were submitted. */
  readonly sent: readonly LockId[];
  /** A LOCK of ours is under way: the server may have granted it already and be slow to respond. */
  readonly lockPending: boolean;
  /** If-Match as sent, and as it would be for the current content. */
  readonly sentIfMatch: string | undefined;
  readonly currentTag: string | undefined;
  readonly state: LockState;
  readonly listingSupport: ListingSupport;
  /** Whether the server's content is still the one that the user has seen. */
  readonly content: 'same' | 'changed' | 'gone' | 'unknown';
  readonly tried: ReadonlySet<RetryStep>;
  /** Milliseconds since the save began, and the number of pauses so far. */
  readonly spentMs: number;
  readonly pauses: number;
}

/** Refusals that may mean a lock or changed content: servers use them for both. */
const mayMeanLock = new Set<FailureKind>([
  'locked',
  'preconditionFailed',
  'forbidden',
  'partly',
  'conflict',
  'exists',
]);

/** Failures after which the server may have stored something without saying so. */
const mayHaveWritten = new Set<FailureKind>(['serverFault', 'quota', 'badAnswer']);

/**
 * What a failed write leaves open: whether the text was written, or whether a lock or changed content caused the
 * refusal.
 */
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
 * Decides what a refused write means and what to do next. 412 and 423 mean the same on different servers, so the
 * check afterwards decides, not the status (RFC 4918 sections 10.4 and 11.3; section 6.6: locks may vanish at any
 * time).
 */
export function decideSave(write: RefusedWrite): SaveDecision {
  const { failure, state, content, tried, sent } = write;
  const locks = state.kind === 'locked' ? state.locks : [];
  const ours = locks.filter(isOurs);
  const mayBeOurs = write.lockPending && !locks.some((lock) => lock.holder.self === 'other');
  if (mayBeOurs && mayMeanLostLock.has(failure.kind) && !tried.has('awaitLock')) return { do: 'awaitLock' };
  if (isLockedByOthers(state)) return { do: 'report', as: 'locked' };
  if (content === 'changed') return { do: 'report', as: 'contentChanged' };
  // Somebody deleted the file: our text is all that is left of it.
  if (content === 'gone') return tried.has('asNew') ? { do: 'report', as: 'asIs' } : { do: 'asNew' };
  const isOursLost =
    sent.length > 0 && write.listingSupport === 'seen' && !ours.some((lock) => isOneOf(lock.id, sent));
  if (isOursLost) return tried.has('relock') ? { do: 'report', as: 'leaseLost' } : { do: 'relock' };
  // A server that lists no locks shows only by a refresh whether our lock is still held.
  const isUnconfirmed = write.listingSupport !== 'seen' && sent.length > 0;
  if (isUnconfirmed && !tried.has('verify') && mayMeanLostLock.has(failure.kind)) return { do: 'verify' };
  if (failure.kind === 'preconditionFailed' && write.sentIfMatch !== undefined && content === 'same') {
    // The same content was written again, so use its new entity tag.
    if (write.currentTag !== undefined && write.currentTag !== write.sentIfMatch)
      return tried.has('rebind') ? { do: 'report', as: 'asIs' } : { do: 'rebind' };
    // A strong entity tag became weak (RFC 9110 section 8.8.1), or the condition was not understood.
    if (!tried.has('unconditional')) return { do: 'unconditional' };
  }
  // The file was missing only briefly, as while a program replaces it.
  const reappeared = failure.kind === 'exists' && tried.has('asNew') && content === 'same';
  const isUnsent = ours.some((lock) => !isOneOf(lock.id, sent));
  if ((reappeared || isUnsent) && !tried.has('resend')) return { do: 'resend' };
  // A named holder keeps a lock longer than a server's transaction does.
  if (failure.kind === 'locked' && failure.facts.refusal?.holder) return { do: 'report', as: 'locked' };
  if (failure.kind === 'locked') return waitOut(write);
  return { do: 'report', as: 'asIs' };
}

/** Somebody else holds a lock on it, and we hold none. */
export function isLockedByOthers(state: LockState): boolean {
  return state.kind === 'locked' && state.locks.length > 0 && !state.locks.some(isOurs);
}

function waitOut({ failure, spentMs, pauses }: RefusedWrite): SaveDecision {
  const ms = Math.max(firstPauseMs * 2 ** pauses, failure.facts.retryAfterMs ?? 0);
  return spentMs + ms <= transientLockMs ? { do: 'pause', ms } : { do: 'report', as: 'locked' };
}

function isOneOf(id: LockId | undefined, ids: readonly LockId[]): boolean {
  return id !== undefined && ids.includes(id);
}
