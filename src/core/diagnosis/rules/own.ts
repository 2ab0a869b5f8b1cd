import { statusOf } from '../../locks/exchanges';
import { minute, type Facts, type OwnLease } from '../facts';
import { listedLocks, locksIn } from '../locks';
import { refusalIn, refusedWith, says } from '../refusals';
import type { Rule } from './rule';

/** Ours, listed by the server; one that is only remembered proves nothing. */
function ownListed(facts: Facts): OwnLease | undefined {
  return facts.leases.find(({ id }) => listedLocks(facts).some((lock) => lock.id === id));
}

/** Refused because our token did not go along. */
export const ownUnsent: Rule = {
  name: 'own-unsent',
  find(facts) {
    const refusal = refusedWith(facts, 423);
    const own = ownListed(facts);
    if (!refusal || !own || refusal.sent.includes('if')) return undefined;
    return {
      cause: 'ownLock',
      confidence: 'high',
      because: [{ code: 'ownListed', at: own.since }, { code: 'ownUnsent' }],
      advice: ['retry', 'releaseOwn', 'copyReport'],
    };
  },
};

/** The same person, another window or program. */
export const ownElsewhere: Rule = {
  name: 'own-elsewhere',
  find(facts) {
    const lock = locksIn(facts).find(
      ({ holder }) => holder.self === 'elsewhere' || holder.likeness !== undefined,
    );
    if (!lock || lock.holder.self === 'thisWindow') return undefined;
    const { assertedBy, likeness, host, app } = lock.holder;
    // Nobody else has this installation's mark; an account, anybody may have written into a lock.
    const isProven = likeness === 'installation' || (assertedBy === 'server' && likeness === undefined);
    const where = isProven ? (host ?? app) : undefined;
    return {
      cause: 'ownLock',
      confidence: isProven ? 'high' : 'low',
      because: [
        {
          code: 'ownElsewhere',
          ...(where !== undefined && { text: where }),
          ...(lock.since && { at: lock.since.wall }),
        },
      ],
      ...(assertedBy !== 'server' && { against: [{ code: 'unproven' } as const] }),
      ...(!isProven && { alternatives: ['editedByOther', 'lockedByHand'] as const }),
      advice: isProven ? ['breakLock', 'wait', 'saveCopy'] : ['wait', 'saveCopy', 'breakLock'],
    };
  },
};

const wrongHandle = /InvalidLockHandle|lockMismatch|lockOwnerMismatch|LeaseIdMismatch/i;

/** The server says that the lock which was sent is not the one that it keeps, or that none was sent. */
export const wrongLock: Rule = {
  name: 'wrong-lock',
  find(facts) {
    const refusal = refusalIn(facts);
    if (!refusal || !says(refusal, wrongHandle)) return undefined;
    const text = refusal.refusal?.reason ?? refusal.refusal?.codes.join(' ') ?? '';
    const because = [{ code: 'handleRefused', status: statusOf(refusal) ?? 423, text }] as const;
    const advice = ['lockFirst', 'retry', 'compare', 'saveCopy', 'copyReport'] as const;
    return refusal.sent.includes('if')
      ? { cause: 'leaseLost', confidence: 'medium', because, alternatives: ['serverFault'], advice }
      : { cause: 'access', confidence: 'medium', because, alternatives: ['leaseLost'], advice };
  },
};

/** It stands, and nothing was refused. */
export const ownStands: Rule = {
  name: 'own-stands',
  find(facts) {
    const own = ownListed(facts);
    if (!own || refusalIn(facts)) return undefined;
    return {
      cause: 'ownLock',
      confidence: 'high',
      because: [{ code: 'ownHeld', at: own.since }],
      advice: ['retry', 'releaseOwn'],
    };
  },
};

/** Our listed token was sent, and it was refused all the same. */
export const ownSent: Rule = {
  name: 'own-sent',
  find(facts) {
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
      because: [
        { code: 'ownListed', at: own.since },
        { code: 'ownSent', count: again.length, status: statusOf(refusal) ?? 423 },
      ],
      alternatives: ['ownLock'],
      advice: ['copyReport', 'contactAdmin', 'saveCopy'],
    };
  },
};

/** An old lock of ours is still listed: refreshing it failed, or an earlier run left it. */
export const ownOld: Rule = {
  name: 'own-old',
  find(facts) {
    const old = listedLocks(facts).find(({ id }) => id !== undefined && facts.formerIds.has(id));
    if (!old) return undefined;
    return {
      cause: 'expiredEnforced',
      confidence: 'high',
      because: [{ code: 'ownOldListed' }],
      advice: ['breakLock', 'lockFirst', 'retry', 'copyReport'],
    };
  },
};

/** We thought that we hold it, and a server that lists its locks does not know it. */
export const ownGone: Rule = {
  name: 'own-gone',
  find(facts) {
    if (facts.listingSupport !== 'seen' || facts.state.kind === 'unknown') return undefined;
    const listed = new Set(locksIn(facts).map(({ id }) => id));
    const gone = facts.leases.find(({ id }) => !listed.has(id));
    if (!gone) return undefined;
    const refusal = refusalIn(facts);
    return {
      cause: 'leaseLost',
      confidence: 'high',
      because: [
        { code: 'ownGone', at: gone.since },
        ...(refusal
          ? [{ code: 'refusedOnce', status: statusOf(refusal) ?? 412, at: refusal.at.wall } as const]
          : []),
      ],
      advice: facts.content === 'changed' ? ['compare', 'saveCopy'] : ['lockFirst', 'retry', 'compare'],
    };
  },
};
