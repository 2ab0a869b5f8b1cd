import { statusOf, type RecordedExchange } from '../../locks/exchanges';
import type { Finding, Reason } from '../diagnosis';
import { minute, type Facts } from '../facts';
import { othersLock } from '../locks';
import { refusalIn, refusedWith } from '../refusals';
import type { Rule } from './rule';

const advice = ['contactAdmin', 'copyReport', 'saveCopy', 'retry'] as const;

/** The server cannot be reached behind its gateway, or asks for time: that says nothing of its locks. */
const passing: readonly number[] = [429, 502, 503, 504];

/** Not now: it is busy, restarts, or is cut off from its gateway. */
export const unavailable: Rule = {
  name: 'unavailable',
  find(facts) {
    const refusal = refusedWith(facts, ...passing);
    if (!refusal) return undefined;
    const { method } = refusal;
    const wait = refusal.headers['retry-after'];
    return {
      cause: 'serverFault',
      confidence: 'medium',
      because: [
        { code: 'serverErrors', status: statusOf(refusal) ?? 503, text: method, count: 1 },
        ...(wait === undefined ? [] : [{ code: 'retryAfter', text: wait } as const]),
      ],
      alternatives: ['automatic'],
      advice: ['retry', 'saveCopy', 'contactAdmin', 'copyReport'],
      lookAgainMs: 15_000,
    };
  },
};

/** Locking is claimed and does not work: no lock store, or one that cannot be written. */
export const misconfigured: Rule = {
  name: 'misconfigured',
  find(facts): Finding | undefined {
    const refusal = refusalIn(facts);
    const status = refusal && statusOf(refusal);
    if ((status === 423 || status === 412) && othersLock(facts)) return undefined;
    const recent = facts.exchanges.filter(({ at }) => facts.now.mono - at.mono < 30 * minute);
    const faults = faultsIn(recent, facts);
    // That another file could not be locked matters only where this one is refused as well.
    const locks = recent.filter(({ method }) => method === 'LOCK');
    const here = locks.findLast(({ resource }) => resource === facts.resource);
    const lock = here ?? (isFault(status) ? locks.at(-1) : undefined);
    const lockStatus = lock && statusOf(lock);
    const claims =
      facts.rights?.claimsLocks ??
      recent.some(({ headers }) => /(?:^|,)\s*2\s*(?:,|$)/.test(headers.dav ?? ''));
    if (lock && (isFault(lockStatus) || lockStatus === 405) && (claims || faults.length > 1)) {
      return {
        cause: 'serverFault',
        confidence: 'high',
        because: [{ code: 'lockMethodRefused', status: lockStatus ?? 500, at: lock.at.wall }, ...faults],
        advice,
      };
    }
    if (faults.length === 0 || !isFault(status)) return undefined;
    const confidence = faults.length > 1 || (faults[0]?.count ?? 0) > 1 ? 'high' : 'medium';
    return { cause: 'serverFault', confidence, because: faults, advice };
  },
};

function isFault(status: number | undefined): boolean {
  return status !== undefined && status >= 500 && !passing.includes(status);
}

/** Errors of the server's own, by method. */
function faultsIn(recent: readonly RecordedExchange[], { resource }: Facts): Reason[] {
  const byMethod = new Map<string, Reason>();
  for (const exchange of recent) {
    const status = statusOf(exchange);
    if (status === undefined || !isFault(status) || exchange.resource !== resource) continue;
    const { count = 0 } = byMethod.get(exchange.method) ?? {};
    byMethod.set(exchange.method, { code: 'serverErrors', status, text: exchange.method, count: count + 1 });
  }
  return [...byMethod.values()];
}

/** Asked so soon after the grant, a lock cannot have ended yet. */
const soonMs = 10_000;

/** A lock that we were given is not listed by a server that lists its locks: it may protect nothing. */
export const decorative: Rule = {
  name: 'decorative',
  find({ listingSupport, leases, history }) {
    if (listingSupport !== 'seen') return undefined;
    for (const { id } of leases) {
      const seen = history.locks.filter(({ key }) => key === id);
      const [granted] = seen;
      // Known by its grant and its refreshes, and never from a list.
      const isUnlisted = granted?.ended !== undefined && seen.every(({ looks }) => looks === 1);
      if (!isUnlisted || (granted.ended ?? 0) - granted.firstSeen > soonMs) continue;
      return {
        cause: 'serverFault',
        confidence: 'high',
        because: [{ code: 'lockUnlisted', at: granted.firstSeen }],
        alternatives: ['leaseLost'],
        advice,
      };
    }
    return undefined;
  },
};
