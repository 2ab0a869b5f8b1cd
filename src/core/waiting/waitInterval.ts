import type { LockState } from '../model/lock';
import { remainingMs } from '../model/lockView';
import type { Clock } from '../model/ports';
import type { WaitPace } from './waitPolicy';

export interface PollState {
  readonly state: LockState;
  /** Milliseconds since the wait began. */
  readonly waitedMs: number;
  /** Answers in a row that said nothing, or refused. */
  readonly failures: number;
  /** Most milliseconds between two looks. */
  readonly limitMs: number;
  readonly pace: WaitPace;
}

const eagerMs = 5_000;
/** Looks become rarer the longer the wait has lasted: a tenth of it, as far as the limit. */
const share = 10;
const latestMs = 60_000;
/** Where nothing will happen by itself they soon are as rare as this: who ends the lock by hand is still noticed. */
const rareShare = 4;
const rareMs = 5 * 60_000;
/** After a try that failed the next waits this long, then twice as long, and so on. */
const calmMs = 1_000;

/** Milliseconds until the next look at a lock that somebody waits for; spread by ±20 % so that waiters do not march in step. */
export function pollAfter({ state, waitedMs, failures, limitMs, pace }: PollState, clock: Clock): number {
  // Were they ever rarer, those who have waited longest would be the last to hear that the lock is free.
  const usual = Math.min(limitMs, Math.max(eagerMs, waitedMs / share)) * 2 ** Math.min(failures, 3);
  const rare = Math.max(usual, waitedMs / rareShare);
  const wanted = pace === 'rare' ? Math.min(rareMs, rare) : Math.min(latestMs, usual);
  const spread = wanted * (0.8 + 0.4 * clock.random());
  const now = clock.now().mono;
  const ends = (state.kind === 'locked' ? state.locks : []).flatMap(
    (lock) => remainingMs(lock.expiry, now) ?? [],
  );
  // A lock about to expire is worth a look just after; one that is past its end is not worth a hurry.
  const soonest = Math.min(...ends.filter((ms) => ms > 0).map((ms) => ms + 1_000));
  return Math.max(250, Math.min(spread, soonest));
}

/** Milliseconds without a new try after so many that failed. */
export function calmAfter(tries: number, pace: WaitPace): number {
  const doubled = 2 ** Math.min(tries - 1, 20);
  return pace === 'usual' ? Math.min(32 * calmMs, calmMs * doubled) : Math.min(rareMs, 4 * calmMs * doubled);
}
