import { statusOf, type RecordedExchange } from '../../locks/exchanges';
import type { Reason } from '../diagnosis';
import { minute, type Facts } from '../facts';
import { hasSucceeded } from '../../locks/lockHistory';
import { blockingLock, listedLocks, observedLockOf } from '../locks';
import { refusalToExplain, refusedWith } from '../refusals';
import { holderReasons } from './people';
import type { Found } from './rule';

const advice = ['contactAdmin', 'copyReport', 'saveCopy', 'retry'] as const;

/** The gateway cannot reach the server, or the server asks for time: neither says anything about its locks. */
const temporaryStatuses: readonly number[] = [429, 502, 503, 504];

/** Temporarily unavailable: busy, restarting, or cut off from its gateway. */
export function unavailable(facts: Facts): Found | undefined {
  const refusal = refusedWith(facts, ...temporaryStatuses);
  if (!refusal) return undefined;
  const { method } = refusal;
  const wait = refusal.headers['retry-after'];
  return {
    cause: 'serverFault',
    confidence: 'medium',
    evidence: [
      { code: 'serverErrors', status: statusOf(refusal) ?? 503, text: method, count: 1 },
      wait !== undefined && { code: 'retryAfter', text: wait },
    ],
    alternatives: ['automatic'],
    advice: ['retry', 'saveCopy', 'contactAdmin', 'copyReport'],
    recheckAfterMs: 15_000,
  };
}

/** The server claims to lock but cannot: no lock store, or one that it cannot write. */
export function misconfigured(facts: Facts): Found | undefined {
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
}

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

/** The latest save got no answer, or none that can be read. */
export function unanswered(facts: Facts): Found | undefined {
  const refusal = refusalToExplain(facts);
  const status = refusal && statusOf(refusal);
  if (!refusal || (status !== undefined && status >= 300)) return undefined;
  return {
    cause: 'serverFault',
    confidence: 'medium',
    evidence: [{ code: 'unanswered', text: refusal.failure ?? `${status ?? ''}`, at: refusal.at.wall }],
    alternatives: ['undetermined'],
    advice: ['retry', 'saveCopy', 'contactAdmin', 'copyReport'],
    recheckAfterMs: 15_000,
  };
}

/** The server has no locks: it does not claim them, and refuses the method. */
export function noLocks(facts: Facts): Found | undefined {
  const { isLockless = false, rights, exchanges, resource } = facts;
  const claims = rights?.claimsLocks ?? (isLockless ? false : undefined);
  const lock = exchanges.findLast((one) => one.resource === resource && one.method === 'LOCK');
  const isRefused = [405, 501].includes((lock && statusOf(lock)) ?? 0);
  const refusal = refusalToExplain(facts);
  if (claims !== false || (refusal && refusal.method !== 'LOCK') || !(isRefused || isLockless))
    return undefined;
  return {
    cause: 'noLocks',
    confidence: 'high',
    evidence: [
      { code: 'noLockClass' },
      isRefused && { code: 'lockMethodRefused', status: lock?.status ?? 405 },
    ],
    advice: ['retry', 'saveCopy', 'compare', 'copyReport'],
  };
}

/** A save went through although the server lists another's lock: its locks protect nothing, or this one ended. */
export function notEnforced(facts: Facts): Found | undefined {
  const last = facts.history.attempts.at(-1);
  const lock = blockingLock(facts);
  if (!lock || !last || last.method !== 'PUT' || !hasSucceeded(last)) return undefined;
  if (facts.leases.length > 0 || !listedLocks(facts).includes(lock)) return undefined;
  const observed = observedLockOf(facts, lock);
  const wasSeenBefore = observed !== undefined && observed.firstSeen <= last.last;
  // The lock may be younger than the save.
  const since = lock.since?.wall;
  if (!wasSeenBefore && (since === undefined || since > last.last)) return undefined;
  return {
    cause: 'notEnforced',
    confidence: wasSeenBefore && observed.lastSeen > last.last ? 'high' : 'medium',
    evidence: [...holderReasons(lock), { code: 'writePassed', at: last.last }],
    alternatives: ['editedByOther'],
    advice: ['compare', 'contactHolder', 'contactAdmin', 'copyReport'],
  };
}

/** A lock cannot expire this soon after its grant. */
const minLifetimeMs = 10_000;

/** A server that lists locks does not list one it granted us: it may protect nothing. */
export function grantedButUnlisted({ listingSupport, leases, history }: Facts): Found | undefined {
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
}
