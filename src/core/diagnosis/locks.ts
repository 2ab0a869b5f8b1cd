import type { RecordedExchange } from '../locks/exchanges';
import { hasSucceeded } from '../locks/lockHistory';
import type { Lock } from '../model/lock';
import { deadlineHere, type ObservedLock } from '../locks/observedLock';
import { lockFromRefusal } from '../model/refusalInfo';
import type { Confidence, Reason } from './diagnosis';
import type { Facts } from './facts';
import { isAboutLock, refusalToExplain, refusedWith } from './refusals';

/** The current locks; one known only from a refusal counts until a write succeeds. */
export function currentLocks({ state, history }: Facts): readonly Lock[] {
  if (state.kind !== 'locked') return [];
  const { at, locks } = state;
  const lastWrite = history.attempts.findLast(hasSucceeded)?.last ?? 0;
  return locks.filter((lock) => isListed(lock) || lastWrite <= at.wall);
}

/** Locks that the server lists. One known only from a refusal has no token fingerprint and no lock root. */
export function listedLocks(facts: Facts): readonly Lock[] {
  return currentLocks(facts).filter(isListed);
}

export function isListed(lock: Lock): boolean {
  return lock.id !== undefined || lock.root !== undefined;
}

/** The lock of another holder that blocks us, if known; the most informative one. */
export function blockingLock(facts: Facts): Lock | undefined {
  const others = currentLocks(facts).filter(
    ({ holder }) => holder.self === 'other' || holder.self === 'unknown',
  );
  const listed = others.filter(isListed);
  return listed.find(isNamed) ?? listed[0] ?? lockOfRefusal(facts) ?? others.find(isNamed) ?? others[0];
}

/** The lock that the refusal itself describes, whether or not the server lists it too. */
function lockOfRefusal(facts: Facts): Lock | undefined {
  const refusal = refusalToExplain(facts);
  return refusal?.refusal && isAboutLock(refusal) ? lockFromRefusal(refusal.refusal, refusal.at) : undefined;
}

function isNamed({ holder }: Lock): boolean {
  return holder.name !== undefined || holder.app !== undefined;
}

/** Whether a listing since the refusal showed no lock: an answer to the question, not the server's habit. */
export function isUnlisted(facts: Facts): boolean {
  const { state, listingSupport } = facts;
  const asked = refusalToExplain(facts)?.at.mono ?? -Infinity;
  if (listingSupport !== 'seen' || listedLocks(facts).length > 0) return false;
  if (state.kind === 'unlocked') return state.proof === 'listed' && state.at.mono >= asked;
  return state.kind === 'locked' && state.unlistedAt !== undefined && state.unlistedAt.mono >= asked;
}

/**
 * A 423 without a lock to explain it: none is listed, and the refusal names no holder. `isProven`: the server is
 * known to list its locks, and listed none.
 */
export function unexplained423(
  facts: Facts,
): { readonly refusal: RecordedExchange; readonly isProven: boolean } | undefined {
  const refusal = refusedWith(facts, 423);
  const lock = blockingLock(facts);
  if (!refusal || listedLocks(facts).length > 0 || (lock && isNamed(lock))) return undefined;
  return { refusal, isProven: isUnlisted(facts) };
}

export function mediumIf(isProven: boolean): Confidence {
  return isProven ? 'medium' : 'low';
}

/** Why no lock is known: none is listed, or the server does not say. */
export function silence(facts: Facts): Reason {
  return isUnlisted(facts) ? { code: 'noLockListed' } : { code: 'serverSilent' };
}

/** How the lock behaved so far. */
export function observedLockOf(facts: Facts, lock: Lock): ObservedLock | undefined {
  return facts.history.locks.find(
    (observed) => observed.ended === undefined && (lock.id === undefined || observed.key === lock.id),
  );
}

/** Milliseconds left by the server's clock; undefined without a deadline. */
export function leftMs({ now, skewMs }: Facts, observed: ObservedLock): number | undefined {
  const deadline = deadlineHere(observed, skewMs);
  return deadline === undefined ? undefined : deadline - now.wall;
}

/** The earliest time at which the lock is known to have been held. */
export function heldSince(lock: Lock, observed: ObservedLock | undefined): number | undefined {
  return lock.since?.wall ?? observed?.since ?? observed?.firstSeen;
}
