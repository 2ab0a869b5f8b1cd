import { statusOf } from '../../locks/exchanges';
import type { Finding } from '../diagnosis';
import { hour, type Facts } from '../facts';
import { heldSince, isUnlisted, listedLocks, othersLock, traceOf } from '../locks';
import { isAboutLock, refusalIn, refusedRow } from '../refusals';
import { who } from './people';
import type { Rule } from './rule';

/** A lock is there, and nothing else that would tell what it is. */
export const someLock: Rule = {
  name: 'some-lock',
  find(facts) {
    const lock = othersLock(facts);
    if (!lock || (lock.holder.name === undefined && listedLocks(facts).length === 0)) return undefined;
    const since = heldSince(lock, traceOf(facts, lock));
    return {
      cause: 'editedByOther',
      confidence: 'low',
      because: [...who(lock), ...(since === undefined ? [] : [{ code: 'lockListed', at: since } as const])],
      against: [{ code: 'notRefreshed' }, ...(isUnlisted(facts) ? [{ code: 'noLockListed' } as const] : [])],
      alternatives: ['lockedByHand', 'automatic'],
      advice: ['wait', 'contactHolder', 'openReadOnly', 'saveCopy', 'compare', 'breakLock', 'copyReport'],
      lookAgainMs: 60_000,
    };
  },
};

/** When to look again, by how long it has been refused: after 5, 15 and 45 seconds, and so on. */
function pause(refusedMs: number): number {
  return refusedMs < 5_000 ? 5_000 : refusedMs < 20_000 ? 15_000 : 45_000;
}

/** Refused, and the server does not tell by whom: it never lists locks, or could not be asked. */
export const untold: Rule = {
  name: 'untold',
  find(facts) {
    const refusal = refusalIn(facts);
    const isRefused = refusal !== undefined && isAboutLock(refusal);
    if (!isRefused && !othersLock(facts)) return undefined;
    const row = isRefused ? refusedRow(facts) : undefined;
    const since = row?.since ?? facts.now.wall;
    const silent = isUnlisted(facts)
      ? ({ code: 'noLockListed' } as const)
      : ({ code: 'serverSilent' } as const);
    if (row && row.ms >= 24 * hour) {
      return {
        cause: 'expiredEnforced',
        confidence: 'low',
        because: [{ code: 'steady', at: since }, silent],
        alternatives: ['lockedByHand'],
        advice: ['contactAdmin', 'copyReport', 'saveCopy'],
      };
    }
    return {
      cause: 'undetermined',
      confidence: 'low',
      because: [
        silent,
        ...(isRefused
          ? [{ code: 'refusedOnce', status: statusOf(refusal) ?? 423, at: refusal.at.wall } as const]
          : []),
      ],
      alternatives: ['editedByOther', 'automatic', 'lockedByHand'],
      advice:
        row && row.ms > hour / 2
          ? ['contactAdmin', 'wait', 'saveCopy', 'copyReport']
          : ['retry', 'wait', 'saveCopy', 'copyReport'],
      lookAgainMs: pause(facts.now.wall - since),
    };
  },
};

/** Nothing stands in the way, or nothing is known that would. */
export function nothingFound(facts: Facts): Finding {
  const refusal = refusalIn(facts);
  if (refusal) {
    return {
      cause: 'undetermined',
      confidence: 'low',
      because: [{ code: 'refusedOnce', status: statusOf(refusal) ?? 0, at: refusal.at.wall }],
      alternatives: ['serverFault', 'access'],
      advice: ['retry', 'compare', 'saveCopy', 'copyReport'],
    };
  }
  if (facts.state.kind === 'unlocked') {
    return {
      cause: 'notLocked',
      confidence: 'high',
      because: [{ code: 'noLockListed', at: facts.state.at.wall }],
      advice: ['retry', 'lockFirst'],
    };
  }
  return {
    cause: 'undetermined',
    confidence: 'low',
    because: [{ code: 'serverSilent' }, { code: 'nothingRefused' }],
    advice: ['askAgain', 'retry', 'copyReport'],
  };
}
