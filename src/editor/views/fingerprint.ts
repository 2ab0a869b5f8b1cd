import type { Lock } from '../../core/model/lock';
import type { LockView } from '../../core/model/lockView';

const minute = 60_000;
// No view shows more holders.
const maxHolders = 5;

/**
 * A short text that differs whenever the displayed text about a lock would. It is cheap enough to compare
 * thousands of files after every answer; formatting all the text would block the editor.
 */
export function fingerprintOf({ state, why, lost, locks, asOf = 0 }: LockView): string {
  const shown = locks.slice(0, maxHolders).map(fingerprintOfLock);
  return [state, why, lost, Math.floor(asOf / minute), locks.length, ...shown].join('\n');
}

function fingerprintOfLock({ holder, expiry, depth, root, since }: Lock): string {
  const { name, self, assertedBy, app, host } = holder;
  const end = expiry.kind === 'at' ? Math.floor(expiry.at.wall / minute) : expiry.kind;
  return [name, self, assertedBy, app, host, end, depth, root, since?.wall].join('\n');
}
