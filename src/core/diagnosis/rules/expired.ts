import type { Lock } from '../../model/lock';
import type { ObservedLock } from '../../locks/observedLock';
import type { Reason } from '../diagnosis';
import { minute, type Facts } from '../facts';
import { heldSince, leftMs, listedLocks, mediumIf, othersLock, traceOf, unexplained } from '../locks';
import { refusedRow, says } from '../refusals';
import { transaction } from './automatic';
import { who } from './people';
import type { Rule } from './rule';

// Asking for a lock makes some servers look which of theirs are over.
const advice = ['breakLock', 'lockFirst', 'retry', 'contactAdmin', 'saveCopy', 'copyReport'] as const;

function watched(facts: Facts): { readonly lock: Lock; readonly observed: ObservedLock } | undefined {
  const lock = othersLock(facts);
  const observed = lock && listedLocks(facts).includes(lock) ? traceOf(facts, lock) : undefined;
  return lock && observed && { lock, observed };
}

/** Past its time, and it stands all the same. A server may keep it by design (RFC 3253 section 3.16). */
export const pastDeadline: Rule = {
  name: 'past-deadline',
  find(facts) {
    const found = watched(facts);
    if (!found || found.observed.elapsedSince !== undefined) return undefined;
    const { lock, observed } = found;
    const left = leftMs(facts, observed);
    const slack = Math.max(30_000, (observed.longestMs ?? 0) / 10);
    // The look must be newer than the deadline: what was not asked since proves nothing.
    if (
      left === undefined ||
      left > -slack ||
      typeof observed.deadline !== 'number' ||
      observed.lastSeenThere < observed.deadline
    )
      return undefined;
    const proven = observed.basis === 'counting' && facts.skewMs !== undefined;
    return {
      cause: 'expiredEnforced',
      confidence: proven ? 'high' : 'medium',
      because: [...who(lock), { code: 'deadlinePassed', at: facts.now.wall + left, ms: -left }],
      ...(!proven && { against: doubts(facts, observed), alternatives: ['editedByOther'] as const }),
      advice,
      lookAgainMs: minute,
    };
  },
};

/** The server lists it with no time left. */
export const listedElapsed: Rule = {
  name: 'listed-elapsed',
  find(facts) {
    const found = watched(facts);
    const since = found?.observed.elapsedSince;
    if (!found || since === undefined) return undefined;
    const twice = found.observed.lastSeen - since >= 10_000;
    return {
      cause: 'expiredEnforced',
      confidence: twice ? 'high' : 'medium',
      because: [...who(found.lock), { code: 'elapsedListed', at: since }],
      ...(!twice && { against: [{ code: 'refusedOnce' } as const] }),
      advice,
      lookAgainMs: 10_000,
    };
  },
};

/**
 * It always shows the same time left, and stood longer than that: it never ends by itself, or it is refreshed where
 * nobody can see it.
 */
export const neverCounts: Rule = {
  name: 'never-counts',
  find(facts) {
    const found = watched(facts);
    if (!found) return undefined;
    const { lock, observed } = found;
    const since = heldSince(lock, observed);
    const granted = observed.longestMs;
    if (observed.basis !== 'fixed' || since === undefined || granted === undefined) return undefined;
    // Seen to be kept alive, or it would be gone by now.
    if (observed.refreshes.length > 0 || facts.endsUnseen) return undefined;
    const over = facts.now.wall - since - granted;
    if (over < Math.max(30_000, granted / 10)) return undefined;
    return {
      cause: 'expiredEnforced',
      confidence: 'low',
      because: [...who(lock), { code: 'fixedTimeout', ms: granted }, { code: 'lockListed', at: since }],
      against: [{ code: 'notCounted' }],
      alternatives: ['editedByOther', 'lockedByHand'],
      advice: ['contactHolder', ...advice],
      lookAgainMs: minute,
    };
  },
};

/** No lock is listed, and it is refused for many minutes: a lock inside the server that nobody clears. */
export const staleInside: Rule = {
  name: 'stale-inside',
  find(facts) {
    const found = unexplained(facts);
    const row = refusedRow(facts);
    if (!found || !row || row.ms <= 10 * minute) return undefined;
    const { refusal, isProven } = found;
    if (refusal.headers['retry-after'] !== undefined || !(isProven || says(refusal, transaction)))
      return undefined;
    return {
      cause: 'expiredEnforced',
      confidence: mediumIf(isProven),
      because: [
        { code: 'steady', at: row.since },
        isProven ? { code: 'noLockListed' } : { code: 'serverSilent' },
      ],
      alternatives: ['serverFault', 'access'],
      advice: ['contactAdmin', 'copyReport', 'saveCopy', 'retry'],
      lookAgainMs: minute,
    };
  },
};

function doubts(facts: Facts, observed: ObservedLock): Reason[] {
  return [
    ...(observed.basis === 'counting' ? [] : [{ code: 'notCounted' } as const]),
    ...(facts.skewMs === undefined ? [{ code: 'noDate' } as const] : []),
  ];
}
