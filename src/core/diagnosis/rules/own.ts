import { statusOf } from '../../locks/exchanges';
import { isOurs } from '../../model/lockView';
import { minute, type Facts, type OwnLease } from '../facts';
import { listedLocks, currentLocks } from '../locks';
import { refusalMatches, texts } from '../refusalTexts';
import { refusalToExplain, refusedOnce, refusedWith } from '../refusals';
import type { Found } from './rule';

/** Our lease that the server lists; a remembered lock proves nothing. */
function ownListed(facts: Facts): OwnLease | undefined {
  return facts.leases.find(({ id }) => listedLocks(facts).some((lock) => lock.id === id));
}

/** Refused evidence the request did not submit our lock token. */
export function ownUnsent(facts: Facts): Found | undefined {
  const refusal = refusedWith(facts, 423);
  const own = ownListed(facts);
  if (!refusal || !own || refusal.sent.includes('if')) return undefined;
  return {
    cause: 'ownLock',
    confidence: 'high',
    evidence: [{ code: 'ownListed', at: own.since }, { code: 'ownUnsent' }],
    advice: ['retry', 'releaseOwn', 'copyReport'],
  };
}

/** Locked by the same user in another window or program. */
export function ownElsewhere(facts: Facts): Found | undefined {
  const lock = currentLocks(facts).find(
    ({ holder }) => holder.self === 'elsewhere' || holder.matchedBy !== undefined,
  );
  if (!lock || isOurs(lock)) return undefined;
  const { assertedBy, matchedBy, host, app } = lock.holder;
  // Only this installation has its ID, but anybody can write an account name into a lock.
  const isProven = matchedBy === 'installation' || (assertedBy === 'server' && matchedBy === undefined);
  const where = isProven ? (host ?? app) : undefined;
  return {
    cause: 'ownLock',
    confidence: isProven ? 'high' : 'low',
    evidence: [
      {
        code: 'ownElsewhere',
        ...(where !== undefined && { text: where }),
        ...(lock.since && { at: lock.since.wall }),
      },
    ],
    ...(assertedBy !== 'server' && { against: [{ code: 'unproven' } as const] }),
    ...(!isProven && { alternatives: ['editedByOther', 'lockedByHand'] as const }),
    advice: isProven
      ? ['breakLock', 'wait', 'saveCopy']
      : ['wait', 'contactHolder', 'saveCopy', 'openReadOnly', 'breakLock'],
  };
}

/** The server says that the submitted lock is not the one it holds, or that none was submitted. */
export function wrongLock(facts: Facts): Found | undefined {
  const refusal = refusalToExplain(facts);
  if (!refusal || !refusalMatches(refusal, texts.wrongHandle)) return undefined;
  const text = refusal.refusal?.reason ?? refusal.refusal?.codes.join(' ') ?? '';
  const evidence = [{ code: 'handleRefused', status: statusOf(refusal) ?? 423, text }] as const;
  const advice = ['lockFirst', 'retry', 'compare', 'saveCopy', 'copyReport'] as const;
  return refusal.sent.includes('if')
    ? { cause: 'leaseLost', confidence: 'medium', evidence, alternatives: ['serverFault'], advice }
    : { cause: 'access', confidence: 'medium', evidence, alternatives: ['leaseLost'], advice };
}

/** Our lock is held, and nothing was refused. */
export function ownHeld(facts: Facts): Found | undefined {
  const own = ownListed(facts);
  if (!own || refusalToExplain(facts)) return undefined;
  return {
    cause: 'ownLock',
    confidence: 'high',
    evidence: [{ code: 'ownHeld', at: own.since }],
    advice: ['retry', 'releaseOwn'],
  };
}

/** Refused although the request submitted our listed lock token. */
export function ownSent(facts: Facts): Found | undefined {
  const refusal = refusedWith(facts, 423, 424);
  const own = ownListed(facts);
  if (!refusal || !own || !refusal.sent.includes('if')) return undefined;
  const again = facts.exchanges.filter(
    (exchange) =>
      exchange.resource === facts.resource &&
      exchange.sent.includes('if') &&
      statusOf(exchange) === statusOf(refusal) &&
      facts.now.mono - exchange.at.mono < 10 * minute,
  );
  return {
    cause: 'serverFault',
    confidence: again.length > 1 ? 'high' : 'medium',
    evidence: [
      { code: 'ownListed', at: own.since },
      { code: 'ownSent', count: again.length, status: statusOf(refusal) ?? 423 },
    ],
    alternatives: ['ownLock'],
    advice: ['copyReport', 'contactAdmin', 'saveCopy'],
  };
}

/**
 * A former lock of ours is still listed: it was lost or released and keeps being enforced, or it outlived a restart
 * of this window.
 */
export function ownOld(facts: Facts): Found | undefined {
  const { history, leases } = facts;
  const former = history.locks.filter(
    ({ key, wasOurs }) => wasOurs === true && !leases.some(({ id }) => id === key),
  );
  const listed = listedLocks(facts).find(({ id }) => former.some(({ key }) => key === id));
  if (!listed) return undefined;
  const hasEnded =
    history.loss !== undefined || former.some(({ key, ended }) => key === listed.id && ended !== undefined);
  return {
    cause: hasEnded ? 'expiredEnforced' : 'ownLock',
    confidence: 'high',
    evidence: [{ code: 'ownOldListed' }],
    advice: ['breakLock', 'lockFirst', 'retry', 'copyReport'],
  };
}

/** Our lock was lost: it expired, ended before its time, or another holds one now. */
export function lost(facts: Facts): Found | undefined {
  const { lost: why, history, leases } = facts;
  if (why === undefined || leases.length > 0) return undefined;
  const at = history.loss?.at;
  const refusal = refusalToExplain(facts);
  return {
    cause: 'leaseLost',
    confidence: 'high',
    evidence: [
      { code: why === 'broken' ? 'endedEarly' : 'lockLost', ...(at !== undefined && { at }) },
      refusal && refusedOnce(refusal, 412),
    ],
    advice: ['lockFirst', 'retry', 'compare', 'saveCopy'],
  };
}

/** A server that lists locks does not list the lock that we think we hold. */
export function ownUnlisted(facts: Facts): Found | undefined {
  if (facts.listingSupport !== 'seen' || facts.state.kind === 'unknown') return undefined;
  const listed = new Set(currentLocks(facts).map(({ id }) => id));
  const missing = facts.leases.find(({ id }) => !listed.has(id));
  if (!missing) return undefined;
  const refusal = refusalToExplain(facts);
  return {
    cause: 'leaseLost',
    confidence: 'high',
    evidence: [{ code: 'ownGone', at: missing.since }, refusal && refusedOnce(refusal, 412)],
    advice: ['lockFirst', 'retry', 'compare', 'saveCopy'],
  };
}
