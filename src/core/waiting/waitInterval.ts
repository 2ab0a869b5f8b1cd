import type { LockState } from '../model/lock';
import { remainingMs } from '../model/lockView';
import type { Clock } from '../model/ports';
import type { WaitPace } from './waitPolicy';

export interface PollState {
  readonly state: LockState;
  /** The server's usual answer time in milliseconds; undefined before the first answer. */
  readonly answerMs: number | undefined;
  /** Milliseconds since the wait began. */
  readonly waitedMs: number;
  /** Consecutive answers that said nothing, or refused. */
  readonly failures: number;
  /** Maximum milliseconds between two polls. */
  readonly limitMs: number;
  readonly pace: WaitPace;
}

/** A wait costs a server a hundredth of its time, whatever it is made of, within these limits. */
const answersPerPoll = 100;
const minPollMs = 2_000;
const usualMaxPollMs = 30_000;
/** How much the latest answer counts. */
const newestShare = 0.25;
/** With failures. */
const maxPollMs = 60_000;
/** If the lock will not end by itself, pauses soon grow to `maxRareMs`: a release by hand is still noticed. */
const rareDivisor = 4;
const maxRareMs = 5 * 60_000;
/** Pause after the first failed attempt; doubled after each further one. */
const firstRetryMs = 1_000;

/** The answer time that counts after another answer. */
export function smoothed(before: number | undefined, tookMs: number): number {
  return before === undefined ? tookMs : before + newestShare * (tookMs - before);
}

/** Milliseconds until the next poll of an awaited lock; varied by ±20 % so that waiters do not poll in step. */
export function pollAfter(poll: PollState, clock: Clock): number {
  const { state, waitedMs, failures, limitMs, pace, answerMs = 0 } = poll;
  // Does not grow with the wait: a lock may be released at any moment, and who waited longest must not learn of it last.
  const shortest = Math.max(minPollMs, answersPerPoll * answerMs);
  const usual = Math.min(limitMs, usualMaxPollMs, shortest) * 2 ** Math.min(failures, 3);
  const rare = Math.max(usual, waitedMs / rareDivisor);
  const pause = pace === 'rare' ? Math.min(maxRareMs, rare) : Math.min(maxPollMs, usual);
  const varied = pause * (0.8 + 0.4 * clock.random());
  const now = clock.now().mono;
  const ends = (state.kind === 'locked' ? state.locks : []).flatMap(
    (lock) => remainingMs(lock.expiry, now) ?? [],
  );
  // A lock about to expire is polled just after; one already past its end is no reason to hurry.
  const soonest = Math.min(...ends.filter((ms) => ms > 0).map((ms) => ms + 1_000));
  return Math.max(250, Math.min(varied, soonest));
}

/** Milliseconds without a new attempt after this many failures. */
export function retryPause(tries: number, pace: WaitPace): number {
  const doubled = 2 ** Math.min(tries - 1, 20);
  return pace === 'usual'
    ? Math.min(32 * firstRetryMs, firstRetryMs * doubled)
    : Math.min(maxRareMs, 4 * firstRetryMs * doubled);
}
