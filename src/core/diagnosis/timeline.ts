import type { Facts } from './facts';
import { hour, minute } from './facts';
import { deadlineHere, type ObservedLock } from '../locks/observedLock';

/** Times in Unix milliseconds on our clock. */
export interface TimelineBar {
  readonly from: number;
  readonly to: number;
  /** The lock has not ended. */
  readonly held: boolean;
  /** First observation; later than `from` where the server says when the lock was taken. */
  readonly firstSeen: number;
  readonly self: ObservedLock['self'];
  /** Untrusted text from the server. */
  readonly name?: string;
  readonly refreshes: readonly number[];
  /** Of a lock that has not ended; may lie beyond the axis. */
  readonly deadline?: number | 'never';
  /** Whom the name is from: only a server's word counts as verified. */
  readonly assertedBy: ObservedLock['assertedBy'];
}

export interface TimelineAttempt {
  readonly at: number;
  readonly refused: boolean;
  readonly count: number;
}

/** Who held the lock when, ready to be drawn. */
export interface Timeline {
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly bars: readonly TimelineBar[];
  readonly attempts: readonly TimelineAttempt[];
}

const maxBars = 5;

export function timelineOf({ history, now, skewMs }: Facts): Timeline | undefined {
  const bars = history.locks.slice(-maxBars).map((observed) => bar(observed, now.wall, skewMs));
  const attempts = history.attempts.map(({ last, status, count }) => ({
    at: last,
    refused: status === undefined || status >= 400,
    count,
  }));
  if (bars.length + attempts.length === 0) return undefined;
  const times = [
    ...bars.flatMap(({ from, to, firstSeen, deadline = to }) => [
      Math.max(from, firstSeen - hour),
      to,
      deadline === 'never' ? to : deadline,
    ]),
    ...attempts.map(({ at }) => at),
    now.wall,
  ].filter((at) => at > now.wall - 24 * hour && at < now.wall + 2 * hour);
  const first = Math.min(...times, now.wall - minute);
  const last = Math.max(...times, now.wall + minute);
  // Without a margin the outermost marks would be clipped.
  const margin = (last - first) / 20;
  return { from: first - margin, to: last + margin, now: now.wall, bars, attempts };
}

function bar(observed: ObservedLock, nowWall: number, skewMs: number | undefined): TimelineBar {
  const { ended, since, firstSeen, self, name, refreshes, assertedBy } = observed;
  const deadline = observed.deadline === 'never' ? 'never' : deadlineHere(observed, skewMs);
  return {
    from: since ?? firstSeen,
    firstSeen: firstSeen,
    to: ended ?? nowWall,
    held: ended === undefined,
    self,
    assertedBy,
    ...(name !== undefined && { name }),
    refreshes,
    ...(ended === undefined && deadline !== undefined && { deadline }),
  };
}
