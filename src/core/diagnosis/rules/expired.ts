import type { Lock } from '../../model/lock';
import type { ObservedLock } from '../../locks/observedLock';
import { hour, minute, type Facts } from '../facts';
import {
  heldSince,
  leftMs,
  listedLocks,
  mediumIf,
  blockingLock,
  observedLockOf,
  silence,
  unexplained423,
} from '../locks';
import { refusalMatches, texts } from '../refusalTexts';
import { refusalRun, refusedWith } from '../refusals';
import { holderReasons } from './people';
import type { Found, Sign } from './rule';

// A LOCK request makes some servers check which of their locks have expired.
const advice = ['breakLock', 'lockFirst', 'retry', 'contactAdmin', 'saveCopy', 'copyReport'] as const;

function watchedLock(facts: Facts): { readonly lock: Lock; readonly observed: ObservedLock } | undefined {
  const lock = blockingLock(facts);
  const observed = lock && listedLocks(facts).includes(lock) ? observedLockOf(facts, lock) : undefined;
  return lock && observed && { lock, observed };
}

/** Still held past its timeout. A server may keep it by design (RFC 3253 section 3.16). */
export function pastDeadline(facts: Facts): Found | undefined {
  const found = watchedLock(facts);
  if (!found || found.observed.elapsedSince !== undefined) return undefined;
  const { lock, observed } = found;
  const left = leftMs(facts, observed);
  const slack = Math.max(30_000, (observed.longestMs ?? 0) / 10);
  // The listing must be newer than the deadline: an older one proves nothing.
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
    evidence: [...holderReasons(lock), { code: 'deadlinePassed', at: facts.now.wall + left, ms: -left }],
    ...(!proven && { against: counterEvidence(facts, observed), alternatives: ['editedByOther'] as const }),
    advice,
    recheckAfterMs: minute,
  };
}

/** The refusal itself says when the lock ended, by the server's own clock. */
export function saidExpired(facts: Facts): Found | undefined {
  const refusal = refusedWith(facts, 403, 409, 423);
  const { until, date } = refusal?.refusal ?? {};
  const lock = blockingLock(facts);
  if (!refusal || !lock || typeof until !== 'number' || listedLocks(facts).length > 0) return undefined;
  const over = (date ?? refusal.at.wall + (facts.skewMs ?? 0)) - until;
  if (over < 60_000) return undefined;
  return {
    cause: 'expiredEnforced',
    confidence: date === undefined && facts.skewMs === undefined ? 'medium' : 'high',
    evidence: [...holderReasons(lock), { code: 'deadlinePassed', at: refusal.at.wall - over, ms: over }],
    advice,
    recheckAfterMs: minute,
  };
}

/** The server lists the lock with no time left. */
export function listedElapsed(facts: Facts): Found | undefined {
  const found = watchedLock(facts);
  const since = found?.observed.elapsedSince;
  if (!found || since === undefined) return undefined;
  const twice = found.observed.lastSeen - since >= 10_000;
  return {
    cause: 'expiredEnforced',
    confidence: twice ? 'high' : 'medium',
    evidence: [...holderReasons(found.lock), { code: 'elapsedListed', at: since }],
    ...(!twice && { against: [{ code: 'refusedOnce' } as const] }),
    advice,
    recheckAfterMs: 10_000,
  };
}

/**
 * The lock always shows the same time left and was held longer than that: it never expires, or its refreshes are
 * not visible.
 */
export function neverCounts(facts: Facts): Found | undefined {
  const found = watchedLock(facts);
  if (!found) return undefined;
  const { lock, observed } = found;
  const since = heldSince(lock, observed);
  const granted = observed.longestMs;
  if (observed.basis !== 'fixed' || since === undefined || granted === undefined) return undefined;
  // A refresh was seen, or this server would have expired the lock by now.
  if (observed.refreshes.length > 0 || facts.enforcesFullTimeout) return undefined;
  const over = facts.now.wall - since - granted;
  if (over < Math.max(30_000, granted / 10)) return undefined;
  return {
    cause: 'expiredEnforced',
    confidence: 'low',
    evidence: [
      ...holderReasons(lock),
      { code: 'fixedTimeout', ms: granted },
      { code: 'lockListed', at: since },
    ],
    against: [{ code: 'notCounted' }],
    alternatives: ['editedByOther', 'lockedByHand'],
    advice: ['contactHolder', ...advice],
    recheckAfterMs: minute,
  };
}

/** Refused for many minutes without a listed lock: a lock inside the server that nobody clears. */
export function staleInside(facts: Facts): Found | undefined {
  const found = unexplained423(facts);
  const row = refusalRun(facts);
  if (!found || !row || (row.ms <= 10 * minute && !isStubborn(facts))) return undefined;
  const { refusal, isProven } = found;
  if (
    refusal.headers['retry-after'] !== undefined ||
    !(isProven || refusalMatches(refusal, texts.transaction))
  )
    return undefined;
  return {
    cause: 'expiredEnforced',
    confidence: mediumIf(isProven),
    evidence: [{ code: 'steady', at: row.since }, silence(facts)],
    alternatives: ['serverFault', 'access'],
    advice: ['contactAdmin', 'copyReport', 'saveCopy', 'retry'],
    recheckAfterMs: minute,
  };
}

/** Refused each time it was tried over more than an hour, however long the pauses. */
function isStubborn({ history }: Facts): boolean {
  const last = history.attempts.slice(-3);
  const [first] = last;
  const isRefusedEachTime = last.length === 3 && last.every(({ status }) => status === 423);
  return first !== undefined && isRefusedEachTime && (last.at(-1)?.last ?? 0) - first.at > hour;
}

function counterEvidence(facts: Facts, observed: ObservedLock): Sign[] {
  return [
    observed.basis !== 'counting' && { code: 'notCounted' },
    facts.skewMs === undefined && { code: 'noDate' },
  ];
}
