import { statusOf, type RecordedExchange } from '../../locks/exchanges';
import type { Finding, Reason } from '../diagnosis';
import { minute, type Facts } from '../facts';
import { blockingLock } from '../locks';
import { refusalToExplain, refusedWith } from '../refusals';
import type { Rule } from './rule';

const advice = ['contactAdmin', 'copyReport', 'saveCopy', 'retry'] as const;

/** The gateway cannot reach the server, or the server asks for time: neither says anything about its locks. */
const temporaryStatuses: readonly number[] = [429, 502, 503, 504];

/** Temporarily unavailable: busy, restarting, or cut off from its gateway. */
export const unavailable: Rule = {
  name: 'unavailable',
  find(facts) {
    const refusal = refusedWith(facts, ...temporaryStatuses);
    if (!refusal) return undefined;
    const { method } = refusal;
    const wait = refusal.headers['retry-after'];
    return {
      cause: 'serverFault',
      confidence: 'medium',
      evidence: [
        { code: 'serverErrors', status: statusOf(refusal) ?? 503, text: method, count: 1 },
        ...(wait === undefined ? [] : [{ code: 'retryAfter', text: wait } as const]),
      ],
      alternatives: ['automatic'],
      advice: ['retry', 'saveCopy', 'contactAdmin', 'copyReport'],
      recheckAfterMs: 15_000,
    };
  },
};

/** The server claims to lock but cannot: no lock store, or one that it cannot write. */
export const misconfigured: Rule = {
  name: 'misconfigured',
  find(facts): Finding | undefined {
    const refusal = refusalToExplain(facts);
    const status = refusal && statusOf(refusal);
    if ((status === 423 || status === 412) && blockingLock(facts)) return undefined;
    const recent = facts.exchanges.filter(({ at }) => facts.now.mono - at.mono < 30 * minute);
    const faults = faultsIn(recent, facts);
    // A failed LOCK on another file matters only if this file is refused as well.
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
        evidence: [{ code: 'lockMethodRefused', status: lockStatus ?? 500, at: lock.at.wall }, ...faults],
        advice,
      };
    }
    if (faults.length === 0 || !isFault(status)) return undefined;
    const confidence = faults.length > 1 || (faults[0]?.count ?? 0) > 1 ? 'high' : 'medium';
    return { cause: 'serverFault', confidence, evidence: faults, advice };
  },
};

function isFault(status: number | undefined): boolean {
  return status !== undefined && status >= 500 && !temporaryStatuses.includes(status);
}

/** Server errors on this resource, by method. */
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

/** A lock cannot expire this soon after its grant. */
const minLifetimeMs = 10_000;

/** A server that lists locks does not list one it granted us: it may protect nothing. */
export const grantedButUnlisted: Rule = {
  name: 'decorative',
  find({ listingSupport, leases, history }) {
    if (listingSupport !== 'seen') return undefined;
    for (const { id } of leases) {
      const seen = history.locks.filter(({ key }) => key === id);
      const [granted] = seen;
      // Known from its grant and its refreshes, never from a listing.
      const isUnlisted = granted?.ended !== undefined && seen.every(({ looks }) => looks === 1);
      if (!isUnlisted || (granted.ended ?? 0) - granted.firstSeen > minLifetimeMs) continue;
      return {
        cause: 'serverFault',
        confidence: 'high',
        evidence: [{ code: 'lockUnlisted', at: granted.firstSeen }],
        alternatives: ['leaseLost'],
        advice,
      };
    }
    return undefined;
  },
};
