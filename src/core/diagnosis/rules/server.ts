import { statusOf, type RecordedExchange } from '../../exchanges';
import type { Finding, Reason } from '../diagnosis';
import {
  foldersOf,
  listedLocks,
  minute,
  othersLock,
  refusalIn,
  refusedElsewhere,
  refusedWith,
  says,
  type Facts,
} from '../facts';
import type { Rule } from './rule';

const advice = ['contactAdmin', 'copyReport', 'saveCopy', 'retry'] as const;

/** A token that was gone comes back: several nodes answer, and each keeps its own locks. */
export const splitStores: Rule = {
  name: 'split-stores',
  find(facts) {
    const times = new Map<string, number>();
    for (const { key, byToken, lastSeen } of facts.history.traces) {
      if (byToken && facts.now.wall - lastSeen < 30 * minute) times.set(key, (times.get(key) ?? 0) + 1);
    }
    const returns = Math.max(0, ...times.values()) - 1;
    const alternations = alternating(facts);
    if (returns < 1 && alternations < 3) return undefined;
    const flips = Math.max(2 * returns, alternations);
    return {
      cause: 'serverFault',
      confidence: flips >= 3 ? 'high' : 'medium',
      because: [{ code: 'alternates', count: flips }],
      alternatives: flips >= 3 ? [] : ['editedByOther'],
      advice,
      lookAgainMs: 5_000,
    };
  },
};

/** How often the same request was refused and taken in turn. */
function alternating({ history, now }: Facts): number {
  const recent = history.tries.filter(
    ({ method, last, count }) => method === 'PUT' && count <= 2 && now.wall - last < 5 * minute,
  );
  let flips = 0;
  for (const [index, { status }] of recent.entries()) {
    const before = recent[index - 1]?.status;
    if (before !== undefined && status !== undefined && (before === 423) !== (status === 423)) flips++;
  }
  return flips;
}

/** A proxy or firewall in front of the server wrote the refusal. */
export const gateway: Rule = {
  name: 'gateway',
  find(facts) {
    const refusal = refusalIn(facts);
    if (refusal?.told?.from !== 'gateway') return undefined;
    const read = facts.exchanges.findLast(
      ({ resource, method }) => resource === facts.resource && method === 'GET',
    );
    return {
      cause: 'serverFault',
      confidence: 'medium',
      because: [
        {
          code: 'gatewayAnswered',
          text: refusal.headers.server ?? refusal.headers.via ?? '',
          status: refusal.status ?? 423,
        },
        ...(read && statusOf(read) === 423 ? [{ code: 'noReadEither' } as const] : []),
      ],
      alternatives: ['access'],
      advice,
    };
  },
};

const maintenance = /maintenance|wartung|read-?only mode|upgrade in progress|temporarily/i;

/** Many files in different folders at once: nobody edits like that. */
export const everywhere: Rule = {
  name: 'everywhere',
  find(facts) {
    const refusal = refusedWith(facts, 423);
    if (!refusal || listedLocks(facts).length > 0) return undefined;
    const all = [refusal, ...refusedElsewhere(facts)];
    if (all.length < 3 || foldersOf(all).size < 2) return undefined;
    const because: Reason[] = [{ code: 'severalRefused', count: all.length }, { code: 'noLockListed' }];
    const job = all.find(
      (exchange) => exchange.headers['retry-after'] !== undefined || says(exchange, maintenance),
    );
    const busy = facts.exchanges.some(
      ({ status, at }) => status === 503 && facts.now.mono - at.mono < 5 * minute,
    );
    return job || busy
      ? {
          cause: 'automatic',
          confidence: 'medium',
          because: [...because, { code: 'retryAfter', text: job?.headers['retry-after'] ?? '' }],
          alternatives: ['serverFault'],
          advice: ['wait', 'retry', 'contactAdmin', 'saveCopy', 'copyReport'],
          lookAgainMs: minute,
        }
      : { cause: 'serverFault', confidence: 'medium', because, alternatives: ['automatic'], advice };
  },
};

/** Locking is claimed and does not work: no lock store, or one that cannot be written. */
export const misconfigured: Rule = {
  name: 'misconfigured',
  find(facts): Finding | undefined {
    const refusal = refusalIn(facts);
    if (refusal && (statusOf(refusal) === 423 || statusOf(refusal) === 412) && othersLock(facts))
      return undefined;
    const recent = facts.exchanges.filter(({ at }) => facts.now.mono - at.mono < 30 * minute);
    const lock = recent.findLast(({ method }) => method === 'LOCK');
    const lockStatus = lock && statusOf(lock);
    const broken = (lockStatus ?? 0) >= 500 || lockStatus === 405;
    const faults = faultsIn(recent, facts);
    const claims =
      facts.rights?.claimsLocks ??
      recent.some(({ headers }) => /(?:^|,)\s*2\s*(?:,|$)/.test(headers.dav ?? ''));
    if (broken && (claims || faults.length > 1)) {
      return {
        cause: 'serverFault',
        confidence: 'high',
        because: [
          { code: 'lockMethodRefused', status: lockStatus ?? 500, ...(lock && { at: lock.at.wall }) },
          ...faults,
        ],
        advice,
      };
    }
    if (faults.length === 0 || !refusal || (statusOf(refusal) ?? 0) < 500) return undefined;
    const confidence = faults.length > 1 || (faults[0]?.count ?? 0) > 1 ? 'high' : 'medium';
    return { cause: 'serverFault', confidence, because: faults, advice };
  },
};

/** Errors of the server's own, by method. */
function faultsIn(recent: readonly RecordedExchange[], { resource }: Facts): Reason[] {
  const byMethod = new Map<string, Reason>();
  for (const exchange of recent) {
    const status = statusOf(exchange) ?? 0;
    if (status < 500 || status === 503 || exchange.resource !== resource) continue;
    const { count = 0 } = byMethod.get(exchange.method) ?? {};
    byMethod.set(exchange.method, { code: 'serverErrors', status, text: exchange.method, count: count + 1 });
  }
  return [...byMethod.values()];
}

/** A lock that we were given is not listed by a server that lists its locks: it may protect nothing. */
export const decorative: Rule = {
  name: 'decorative',
  find(facts) {
    const granted = facts.exchanges.findLast(
      ({ resource, method }) => resource === facts.resource && method === 'LOCK',
    );
    if (facts.habit !== 'seen' || facts.state.kind !== 'unlocked' || facts.leases.length === 0)
      return undefined;
    // Asked within seconds of the grant: it cannot have ended yet.
    const asked = facts.state.at.mono - (granted?.at.mono ?? 0);
    if (!granted || (granted.status ?? 0) >= 300 || asked < 0 || asked > 10_000) return undefined;
    return {
      cause: 'serverFault',
      confidence: 'high',
      because: [{ code: 'lockUnlisted', at: granted.at.wall }],
      alternatives: ['leaseLost'],
      advice,
    };
  },
};
