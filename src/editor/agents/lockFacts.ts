import type { LockInfo, LockStatus } from '../../../lock-status';
import { plain } from '../words/plainText';

/** What a tool answers about a file: short facts, with foreign text only as the value of a field. */
export interface LockFacts {
  readonly file: string;
  readonly state: LockStatus['state'];
  readonly reason?: string;
  readonly locks?: readonly {
    readonly holder?: string;
    readonly verified?: boolean;
    readonly until?: string;
    readonly scope: LockInfo['scope'];
    readonly lockedFolder?: string;
  }[];
}

/** A model has no use for more holders, and a server could name thousands. */
const maxLocks = 3;
const maxName = 60;

export function lockFacts({ uri, state, reason, locks }: LockStatus): LockFacts {
  return {
    file: plain(uri.toString(true), 300),
    state,
    ...(reason !== undefined && { reason: plain(reason, 200) }),
    ...(locks.length > 0 && { locks: locks.slice(0, maxLocks).map(factsOfLock) }),
  };
}

function factsOfLock({ holder, verified, until, scope, root }: LockInfo) {
  const name = plain(holder ?? '', maxName);
  return {
    ...(name !== '' && { holder: name, verified: verified === true }),
    ...(until !== undefined && { until: untilText(until) }),
    scope,
    ...(root && { lockedFolder: plain(root.toString(true), 300) }),
  };
}

function untilText(until: Date | 'never'): string {
  if (until === 'never') return until;
  // A server's clock may be so wrong that its time is not a valid date.
  return Number.isNaN(until.getTime()) ? 'unknown' : until.toISOString();
}
