import type { RecordedExchange } from '../locks/exchanges';
import type { Lock } from '../model/lock';
import { deadlineHere, type ObservedLock } from '../locks/observedLock';
import { lockFromRefusal } from '../model/refusalInfo';
import type { Confidence } from './diagnosis';
import type { Facts } from './facts';
import { isAboutLock, refusalIn, refusedWith } from './refusals';

/** The locks that stand; one that only a refusal told of does so until a write succeeds. */
export function locksIn({ state, history }: Facts): readonly Lock[] {
  if (state.kind !== 'locked') return [];
  const { at, locks } = state;
  const written = history.attempts.findLast(({ status = 0 }) => status >= 200 && status < 300)?.last ?? 0;
  return locks.filter((lock) => isListed(lock) || written <= at.wall);
}

/** Locks that the server itself lists; a lock that only a refusal told has no fingerprint and is not among them. */
export function listedLocks(facts: Facts): readonly Lock[] {
  return locksIn(facts).filter(isListed);
}

export function isListed(lock: Lock): boolean {
  return lock.id !== undefined || lock.root !== undefined;
}

/** The lock of somebody else that bars us, if any is known: the one that tells most. */
export function othersLock(facts: Facts): Lock | undefined {
  const others = locksIn(facts).filter(({ holder }) => holder.self === 'other' || holder.self === 'unknown');
  const listed = others.filter(isListed);
  return listed.find(isNamed) ?? listed[0] ?? lockOfRefusal(facts) ?? others.find(isNamed) ?? others[0];
}

/** The lock that the refusal itself speaks of, whether or not the server lists it too. */
function lockOfRefusal(facts: Facts): Lock | undefined {
  const refusal = refusalIn(facts);
  return refusal?.refusal && isAboutLock(refusal) ? lockFromRefusal(refusal.refusal, refusal.at) : undefined;
}

function isNamed({ holder }: Lock): boolean {
  return holder.name !== undefined || holder.app !== undefined;
}

/** Whether the server lists its locks, and none here. */
export function isUnlisted(facts: Facts): boolean {
  return facts.listingSupport === 'seen' && listedLocks(facts).length === 0;
}

/**
 * A 423 with no lock that would explain it: none is listed, and the refusal names nobody. `isProven` where the server is
 * known to list the locks that it has.
 */
export function unexplained(
  facts: Facts,
): { readonly refusal: RecordedExchange; readonly isProven: boolean } | undefined {
  const refusal = refusedWith(facts, 423);
  const lock = othersLock(facts);
  if (!refusal || listedLocks(facts).length > 0 || (lock && isNamed(lock))) return undefined;
  return { refusal, isProven: facts.listingSupport === 'seen' };
}

/** One less sure than fairly sure, where something is not proven. */
export function mediumIf(isProven: boolean): Confidence {
  return isProven ? 'medium' : 'low';
}

/** How the lock behaved so far. */
export function traceOf(facts: Facts, lock: Lock): ObservedLock | undefined {
  return facts.history.locks.find(
    (observed) => observed.ended === undefined && (lock.id === undefined || observed.key === lock.id),
  );
}

/** Milliseconds left by the server's clock; undefined where no end is told. */
export function leftMs({ now, skewMs }: Facts, observed: ObservedLock): number | undefined {
  const deadline = deadlineHere(observed, skewMs);
  return deadline === undefined ? undefined : deadline - now.wall;
}

/** The earliest moment at which the lock is known to have stood. */
export function heldSince(lock: Lock, observed: ObservedLock | undefined): number | undefined {
  return lock.since?.wall ?? observed?.since ?? observed?.firstSeen;
}
