import type { LockState } from '../model/lock';
import { remainingMs } from '../model/lockView';
import type { Clock } from '../model/ports';

/** How the questions about one thing on the screen have gone lately. */
export interface PollHistory {
  readonly kind: 'file' | 'folder';
  /** How old what is shown may be, from the settings. */
  readonly intervalMs: number;
  /** Answers in a row that said the same as before. */
  readonly unchanged: number;
  /** Questions in a row that failed. */
  readonly failures: number;
  /** How long the server took for the last answer. */
  readonly tookMs: number;
  /** What is known of a file. */
  readonly state?: LockState;
}

/** A folder in which nothing happens is asked about this many times more rarely at most. */
const calmest = 4;
const sameAnswersPerStep = 4;
/** At most a twentieth of the time goes into asking about one thing: a folder of 10,000 files is asked more rarely. */
const share = 20;
const longestMs = 10 * 60_000;

/** Milliseconds until the next question; spread by ±10 % so that windows do not march in step. */
export function pollInterval(pace: PollHistory, clock: Clock): number {
  const { kind, intervalMs, unchanged, failures, tookMs } = pace;
  const calm = kind === 'folder' ? Math.min(calmest, 2 ** Math.floor(unchanged / sameAnswersPerStep)) : 1;
  const wanted = Math.max(intervalMs * calm, tookMs * share) * 2 ** Math.min(failures, 2);
  const spread = Math.min(Math.max(longestMs, intervalMs), wanted) * (0.9 + 0.2 * clock.random());
  return Math.min(spread, Math.max(intervalMs / 2, justAfterExpiry(pace.state, clock)));
}

/** A lock about to end is worth a look just after; one that is past its end is not. */
function justAfterExpiry(state: LockState | undefined, clock: Clock): number {
  const now = clock.now().mono;
  const locks = state?.kind === 'locked' ? state.locks : [];
  const ends = locks.flatMap(({ expiry }) => remainingMs(expiry, now) ?? []).filter((ms) => ms > 0);
  return Math.min(...ends) + 1_000;
}
