import {
  hour,
  listedLocks,
  locksIn,
  othersLock,
  refusedSince,
  refusalIn,
  traceOf,
  heldSince,
  type Facts,
} from '../facts';
import type { Finding } from '../diagnosis';
import { statusOf } from '../../exchanges';
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
      against: [{ code: 'notRefreshed' }],
      alternatives: ['lockedByHand', 'automatic'],
      advice: ['wait', 'contactHolder', 'saveCopy', 'compare', 'breakLock', 'copyReport'],
      lookAgainMs: 60_000,
    };
  },
};

/** Refused, and the server does not tell by whom: it never lists locks, or could not be asked. */
export const untold: Rule = {
  name: 'untold',
  find(facts) {
    const refusal = refusalIn(facts);
    const barred = locksIn(facts).length > 0 || (refusal !== undefined && statusOf(refusal) === 423);
    if (!barred) return undefined;
    const since = refusedSince(facts) ?? facts.now.wall;
    const lasts = facts.now.wall - since;
    const silent = { code: 'serverSilent' } as const;
    if (lasts >= 24 * hour) {
      return {
        cause: 'expiredEnforced',
        confidence: 'low',
        because: [{ code: 'steady', at: since }, silent],
        alternatives: ['lockedByHand'],
        advice: ['contactAdmin', 'copyReport', 'saveCopy'],
      };
    }
    const count = facts.history.tries.filter(({ status }) => status === 423).length;
    return {
      cause: 'undetermined',
      confidence: 'low',
      because: [silent, { code: 'refusedOnce', status: 423, at: refusal?.at.wall ?? facts.now.wall }],
      alternatives: ['editedByOther', 'automatic', 'lockedByHand'],
      advice:
        lasts > hour / 2
          ? ['contactAdmin', 'wait', 'saveCopy', 'copyReport']
          : ['retry', 'wait', 'saveCopy', 'copyReport'],
      lookAgainMs: [5_000, 15_000, 45_000][Math.min(count, 2)] ?? 45_000,
    };
  },
};

/** Nothing stands in the way, or nothing is known that would. */
export function nothingFound(facts: Facts): Finding {
  const [own] = facts.leases;
  if (own && locksIn(facts).some(({ id }) => id === own.id)) {
    return {
      cause: 'ownLock',
      confidence: 'high',
      because: [{ code: 'ownListed', at: own.since }],
      advice: ['retry', 'releaseOwn'],
    };
  }
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
