import type { Lock } from '../../core/model/lock';
import type { LockView } from '../../core/model/lockView';

const minute = 60_000;
// No surface tells more of them.
const mostHolders = 5;

/**
 * A short text that differs whenever the words about a lock would: cheap enough to compare thousands of files after
 * every answer, where putting all of it into words would hold up the editor.
 */
export function fingerprintOf({ state, why, lost, locks, asOf = 0 }: LockView): string {
  const told = locks.slice(0, mostHolders).map(fingerprintOfLock);
  return [state, why, lost, Math.floor(asOf / minute), locks.length, ...told].join('\n');
}

function fingerprintOfLock({ holder, expiry, depth, root, since }: Lock): string {
  const { name, self, assertedBy, app, host } = holder;
  const end = expiry.kind === 'at' ? Math.floor(expiry.at.wall / minute) : expiry.kind;
  return [name, self, assertedBy, app, host, end, depth, root, since?.wall].join('\n');
}
