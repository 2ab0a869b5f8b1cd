import type { Facts } from './facts';
import { hour, minute } from './facts';
import { deadlineHere, type ObservedLock } from '../locks/observedLock';

/** Times in Unix milliseconds on our clock. */
export interface TimelineBar {
  readonly from: number;
  readonly to: number;
  /** Still stands. */
  readonly open: boolean;
  /** Where the lock was taken before it was first seen, by the server's word. */
  readonly seenFrom: number;
  readonly self: ObservedLock['self'];
  /** Foreign. */
  readonly name?: string;
  readonly refreshes: readonly number[];
  readonly deadline?: number;
}

export interface TimelineTry {
  readonly at: number;
  readonly refused: boolean;
  readonly count: number;
}

/** Who held the lock when, as it can be drawn. */
export interface Timeline {
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly bars: readonly TimelineBar[];
  readonly tries: readonly TimelineTry[];
}

const mostBars = 5;

export function timelineOf({ history, now, skewMs }: Facts): Timeline | undefined {
  const bars = history.locks.slice(-mostBars).map((observed) => bar(observed, now.wall, skewMs));
  const tries = history.attempts.map(({ last, status, count }) => ({
    at: last,
    refused: status === undefined || status >= 400,
    count,
  }));
  if (bars.length + tries.length === 0) return undefined;
  const times = [
    ...bars.flatMap(({ from, to, seenFrom, deadline = to }) => [
      Math.max(from, seenFrom - hour),
      to,
      deadline,
    ]),
    ...tries.map(({ at }) => at),
    now.wall,
  ].filter((at) => at > now.wall - 24 * hour && at < now.wall + 2 * hour);
  const first = Math.min(...times, now.wall - minute);
  const last = Math.max(...times, now.wall + minute);
  // A little room at both ends, or the outermost marks would be cut.
  const margin = (last - first) / 20;
  return { from: first - margin, to: last + margin, now: now.wall, bars, tries };
}

function bar(observed: ObservedLock, nowWall: number, skewMs: number | undefined): TimelineBar {
  const { ended, since, firstSeen, self, name, refreshes } = observed;
  const deadline = deadlineHere(observed, skewMs);
  return {
    from: since ?? firstSeen,
    seenFrom: firstSeen,
    to: ended ?? nowWall,
    open: ended === undefined,
    self,
    ...(name !== undefined && { name }),
    refreshes,
    ...(ended === undefined && deadline !== undefined && { deadline }),
  };
}
