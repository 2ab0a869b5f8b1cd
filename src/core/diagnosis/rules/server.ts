import { statusOf, type RecordedExchange } from '../../locks/exchanges';
import type { Reason } from '../diagnosis';
import { transientLockMs } from '../../saving/saveDecision';
import { minute, type Facts } from '../facts';
import { listedLocks, mediumIf, blockingLock, unexplained423 } from '../locks';
import { foldersOf, othersListed, refusalToExplain, refusedElsewhere, refusalMatches } from '../refusals';
import { transaction } from './automatic';
import type { Rule } from './rule';

const advice = ['contactAdmin', 'copyReport', 'saveCopy', 'retry'] as const;
/** Time for a request and the listing after it. */
const slackMs = 3_000;

/** A lock token disappeared and came back: several nodes answer, each with its own locks. */
export const splitStores: Rule = {
  name: 'split-stores',
  find(facts) {
    const times = new Map<string, number>();
    // Our own locks reappear whenever they are refreshed.
    for (const { key, byToken, lastSeen } of othersListed(facts.history.locks)) {
      if (byToken && facts.now.wall - lastSeen < 30 * minute) times.set(key, (times.get(key) ?? 0) + 1);
    }
    const returns = Math.max(0, ...times.values()) - 1;
    const alternations = alternating(facts);
    if (returns < 1 && alternations < 3) return undefined;
    const isProven = returns >= 2;
    return {
      cause: 'serverFault',
      confidence: isProven ? 'high' : 'medium',
      evidence: [
        returns >= 1
          ? { code: 'alternates', count: 2 * returns }
          : { code: 'savesAlternate', count: alternations },
      ],
      alternatives: isProven ? [] : ['editedByOther'],
      advice,
      recheckAfterMs: 5_000,
    };
  },
};

/**
 * How often saves alternated between 423 and success. Where locks are listed, a listing explains each 423: a lock was
 * held, or the server was busy. A 423 that a save outlasted was a short lock of the server's own.
 */
function alternating({ history, now, listingSupport }: Facts): number {
  if (listingSupport === 'seen') return 0;
  const recent = history.attempts.filter(({ method, last, status = 0 }) => {
    const isEither = status === 423 || (status >= 200 && status < 300);
    return method === 'PUT' && isEither && now.wall - last < 5 * minute;
  });
  const persistent = recent.filter(({ at, status }, index) => {
    const next = recent[index + 1];
    const isRiddenOut = next !== undefined && next.at - at <= transientLockMs + slackMs;
    return status !== 423 || !isRiddenOut;
  });
  return persistent.filter(({ status }, index) => {
    const before = persistent[index - 1]?.status;
    return before !== undefined && (before === 423) !== (status === 423);
  }).length;
}

/** A proxy or firewall in front of the server sent the refusal. */
export const gateway: Rule = {
  name: 'gateway',
  find(facts) {
    const refusal = refusalToExplain(facts);
    if (refusal?.refusal?.from !== 'gateway' || !isUnlikeServer(refusal, facts)) return undefined;
    // A listed lock explains the refusal better.
    if (listedLocks(facts).length > 0 && blockingLock(facts)) return undefined;
    const read = facts.exchanges.findLast(
      ({ resource, method }) => resource === facts.resource && method === 'GET',
    );
    return {
      cause: 'serverFault',
      confidence: 'medium',
      evidence: [
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

const firewallWords = /firewall|\bWAF\b|blocked|rejected|support id|incident id|ray id|policy/i;

/** Whether the refusal differs from the server's own responses; headers that both have prove nothing. */
function isUnlikeServer(refusal: RecordedExchange, { exchanges }: Facts): boolean {
  const usual = exchanges.filter(({ status = 500 }) => status < 400);
  if (usual.length === 0 || refusalMatches(refusal, firewallWords)) return true;
  const known = new Set(usual.flatMap(marksOf));
  return marksOf(refusal).some((mark) => !known.has(mark));
}

/** Headers that identify who responded and by which route. */
function marksOf({ headers }: RecordedExchange): string[] {
  return Object.entries(headers)
    .filter(([name]) => /^(?:server|via|cf-|x-)/.test(name))
    .map(([name, value]) => (name === 'server' ? `server ${value.split(/[\s/]/, 1)[0] ?? ''}` : name));
}

const maintenance = /maintenance|wartung|read-?only mode|upgrade in progress|temporarily/i;

/** Many files in different folders refused at once: nobody edits like that. */
export const refusedInManyFolders: Rule = {
  name: 'everywhere',
  find(facts) {
    const found = unexplained423(facts);
    if (!found) return undefined;
    const { refusal, isProven } = found;
    const all = [refusal, ...refusedElsewhere(facts)];
    if (all.length < 3 || foldersOf(all).size < 2) return undefined;
    const evidence: Reason[] = [
      { code: 'severalRefused', count: all.length },
      isProven ? { code: 'noLockListed' } : { code: 'serverSilent' },
    ];
    const job = all.find(
      (exchange) =>
        exchange.headers['retry-after'] !== undefined ||
        refusalMatches(exchange, maintenance) ||
        refusalMatches(exchange, transaction),
    );
    const busy = facts.exchanges.some(
      ({ status, at }) => status === 503 && facts.now.mono - at.mono < 5 * minute,
    );
    if (job || busy) {
      return {
        cause: 'automatic',
        confidence: mediumIf(isProven),
        evidence: [...evidence, ...signOfJob(job)],
        alternatives: ['serverFault'],
        advice: ['wait', 'retry', 'contactAdmin', 'saveCopy', 'copyReport'],
        recheckAfterMs: minute,
      };
    }
    // Where locks are never listed, this may also be three colleagues editing.
    return isProven
      ? { cause: 'serverFault', confidence: 'medium', evidence, alternatives: ['automatic'], advice }
      : undefined;
  },
};

function signOfJob(job: RecordedExchange | undefined): Reason[] {
  const wait = job?.headers['retry-after'];
  if (wait !== undefined) return [{ code: 'retryAfter', text: wait }];
  return job
    ? [{ code: 'transactionText', text: job.refusal?.reason ?? job.excerpt ?? '' }]
    : [{ code: 'serverErrors', status: 503 }];
}
