import type { Finding } from '../diagnosis';
import { hour, type Facts } from '../facts';
import { blockingLock, heldSince, isUnlisted, listedLocks, observedLockOf, silence } from '../locks';
import { isAboutLock, refusalToExplain, refusalRun, refusedOnce } from '../refusals';
import { holderReasons } from './people';
import type { Found } from './rule';

/** A lock is known, but no evidence shows what kind it is. */
export function someLock(facts: Facts): Found | undefined {
  const lock = blockingLock(facts);
  if (!lock || (lock.holder.name === undefined && listedLocks(facts).length === 0)) return undefined;
  const since = heldSince(lock, observedLockOf(facts, lock));
  return {
    cause: 'editedByOther',
    confidence: 'low',
    evidence: [...holderReasons(lock), since !== undefined && { code: 'lockListed', at: since }],
    against: [{ code: 'notRefreshed' }, isUnlisted(facts) && { code: 'noLockListed' }],
    alternatives: ['lockedByHand', 'automatic'],
    advice: ['wait', 'contactHolder', 'openReadOnly', 'saveCopy', 'compare', 'breakLock', 'copyReport'],
    recheckAfterMs: 60_000,
  };
}

/** When to check again, by how long writes were refused: after 5, 15, then every 45 seconds. */
function recheckAfterMs(refusedMs: number): number {
  return refusedMs < 5_000 ? 5_000 : refusedMs < 20_000 ? 15_000 : 45_000;
}

/** Refused without a known holder: the server never lists locks, or the listing failed. */
export function unknownHolder(facts: Facts): Found | undefined {
  const refusal = refusalToExplain(facts);
  const isRefused = refusal !== undefined && isAboutLock(refusal);
  if (!isRefused && !blockingLock(facts)) return undefined;
  const row = isRefused ? refusalRun(facts) : undefined;
  const since = row?.since ?? facts.now.wall;
  const silent = silence(facts);
  if (row && row.ms >= 24 * hour) {
    return {
      cause: 'expiredEnforced',
      confidence: 'low',
      evidence: [{ code: 'steady', at: since }, silent],
      alternatives: ['lockedByHand'],
      advice: ['contactAdmin', 'copyReport', 'saveCopy'],
    };
  }
  return {
    cause: 'undetermined',
    confidence: 'low',
    evidence: [silent, isRefused && refusedOnce(refusal, 423)],
    alternatives: ['editedByOther', 'automatic', 'lockedByHand'],
    advice:
      row && row.ms > hour / 2
        ? ['contactAdmin', 'wait', 'saveCopy', 'copyReport']
        : ['retry', 'wait', 'saveCopy', 'copyReport'],
    recheckAfterMs: recheckAfterMs(facts.now.wall - since),
  };
}

/** Nothing blocks writes, or no known fact explains the refusal. */
export function nothingFound(facts: Facts): Finding {
  const refusal = refusalToExplain(facts);
  if (refusal) {
    return {
      cause: 'undetermined',
      confidence: 'low',
      evidence: [refusedOnce(refusal, 0)],
      alternatives: ['serverFault', 'access'],
      advice: ['retry', 'compare', 'saveCopy', 'copyReport'],
    };
  }
  if (facts.state.kind === 'unlocked') {
    return {
      cause: 'notLocked',
      confidence: 'high',
      evidence: [{ code: 'noLockListed', at: facts.state.at.wall }],
      advice: ['retry', 'lockFirst'],
    };
  }
  return {
    cause: 'undetermined',
    confidence: 'low',
    evidence: [{ code: 'serverSilent' }, { code: 'nothingRefused' }],
    advice: ['askAgain', 'retry', 'copyReport'],
  };
}
