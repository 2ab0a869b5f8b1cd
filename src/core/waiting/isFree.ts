import type { LockState, UnknownReason } from '../model/lock';
import { isOurs } from '../model/lockView';

/** Answers that do not show whether the file is locked. */
const inconclusive = new Set<UnknownReason>([
  'notAsked',
  'notListed',
  'unproven',
  'hidden',
  'noLocks',
  'notEnforced',
  // A listing without the file: another program may be replacing it.
  'notFound',
]);

/** Whether a wait may save: nobody holds the file, or we do. */
export function isFree(state: LockState): boolean {
  return state.kind === 'unlocked' || (state.kind === 'locked' && state.locks.some(isOurs));
}

/** Whether the state does not show if the file is locked: nothing is listed, whatever an earlier attempt met. */
export function isInconclusive(state: LockState): boolean {
  if (state.kind === 'unknown') return inconclusive.has(state.why);
  return state.kind === 'locked' && !hasListedForeignLock(state);
}

/** Whether the server lists another holder's lock. */
export function hasListedForeignLock(state: LockState): boolean {
  const locks = state.kind === 'locked' ? state.locks : [];
  return locks.some((lock) => lock.source === 'listing' && !isOurs(lock));
}
