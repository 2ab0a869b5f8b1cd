import { statusOf } from '../../exchanges';
import { listedLocks, locksIn, minute, refusalIn, refusedWith, type Facts, type OwnLease } from '../facts';
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
    const lock = locksIn(facts).find(({ holder }) => holder.self === 'elsewhere');
    if (!lock) return undefined;
    const { assertedBy, host, app } = lock.holder;
    const where = host ?? app;
    return {
      cause: 'ownLock',
      // Our own text in the lock carries a mark that no other installation has; only an account is less.
      confidence: assertedBy === 'server' || where !== undefined ? 'high' : 'low',
      because: [
        {
          code: 'ownElsewhere',
          ...(where !== undefined && { text: where }),
          ...(lock.since && { at: lock.since.wall }),
        },
      ],
      ...(assertedBy !== 'server' && { against: [{ code: 'unproven' } as const] }),
      advice: ['breakLock', 'wait', 'saveCopy'],
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
    if (facts.habit !== 'seen' || facts.state.kind === 'unknown') return undefined;
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
