import type { LockState } from '../model/lock';
import { remainingMs } from '../model/lockView';
import type { Clock } from '../model/ports';

/** How recent polls of one visible file or folder went. */
export interface PollHistory {
  readonly kind: 'file' | 'folder';
  /** How old displayed data may be, from the settings. */
  readonly intervalMs: number;
  /** Consecutive responses without a change. */
  readonly unchanged: number;
  /** Consecutive failed requests. */
  readonly failures: number;
  /** How long the last response took. */
  readonly tookMs: number;
  /** The lock state of a file. */
  readonly state?: LockState;
}

/** A folder without changes is polled at most this many times less often. */
const maxBackoff = 4;
const unchangedPerStep = 4;
/** Polling one item may take a twentieth of the time at most: a folder of 10,000 files is polled less often. */
const idleFactor = 20;
const maxIntervalMs = 10 * 60_000;

/** Milliseconds until the next poll; varied by ±10 % so that windows do not poll in sync. */
export function pollInterval(history: PollHistory, clock: Clock): number {
  const { kind, intervalMs, unchanged, failures, tookMs } = history;
  const backoff = kind === 'folder' ? Math.min(maxBackoff, 2 ** Math.floor(unchanged / unchangedPerStep)) : 1;
  const baseMs = Math.max(intervalMs * backoff, tookMs * idleFactor) * 2 ** Math.min(failures, 2);
  const jittered = Math.min(Math.max(maxIntervalMs, intervalMs), baseMs) * (0.9 + 0.2 * clock.random());
  return Math.min(jittered, Math.max(intervalMs / 2, justAfterExpiry(history.state, clock)));
}

/** Poll just after a lock expires; a lock past its expiry is no reason to poll early. */
function justAfterExpiry(state: LockState | undefined, clock: Clock): number {
  const now = clock.now().mono;
  const locks = state?.kind === 'locked' ? state.locks : [];
  const ends = locks.flatMap(({ expiry }) => remainingMs(expiry, now) ?? []).filter((ms) => ms > 0);
  return Math.min(...ends) + 1_000;
}
