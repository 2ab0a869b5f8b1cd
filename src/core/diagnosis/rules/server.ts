import { statusOf, type RecordedExchange } from '../../locks/exchanges';
import type { Reason } from '../diagnosis';
import { rideOutMs } from '../../saving/saveDecision';
import { minute, type Facts } from '../facts';
import { listedLocks, mediumIf, othersLock, unexplained } from '../locks';
import { foldersOf, othersListed, refusalIn, refusedElsewhere, says } from '../refusals';
import { transaction } from './automatic';
import type { Rule } from './rule';

const advice = ['contactAdmin', 'copyReport', 'saveCopy', 'retry'] as const;
/** A request and the look after it. */
const slackMs = 3_000;

/** A token that was gone comes back: several nodes answer, and each keeps its own locks. */
export const splitStores: Rule = {
  name: 'split-stores',
  find(facts) {
    const times = new Map<string, number>();
    // Our own locks come back into view whenever they are refreshed.
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
      because: [
        returns >= 1
          ? { code: 'alternates', count: 2 * returns }
          : { code: 'savesAlternate', count: alternations },
      ],
      alternatives: isProven ? [] : ['editedByOther'],
      advice,
      lookAgainMs: 5_000,
    };
  },
};

/**
 * How often a save was refused as locked and taken in turn. Where locks are listed, a list explains each of them: the
 * lock stood, or the server was at work. What a save has ridden out was a short lock of the server's own.
 */
function alternating({ history, now, listingSupport }: Facts): number {
  if (listingSupport === 'seen') return 0;
  const recent = history.attempts.filter(({ method, last, status = 0 }) => {
    const isEither = status === 423 || (status >= 200 && status < 300);
    return method === 'PUT' && isEither && now.wall - last < 5 * minute;
  });
  const lasting = recent.filter(({ at, status }, index) => {
    const next = recent[index + 1];
    const isRiddenOut = next !== undefined && next.at - at <= rideOutMs + slackMs;
    return status !== 423 || !isRiddenOut;
  });
  return lasting.filter(({ status }, index) => {
    const before = lasting[index - 1]?.status;
    return before !== undefined && (before === 423) !== (status === 423);
  }).length;
}

/** A proxy or firewall in front of the server wrote the refusal. */
export const gateway: Rule = {
  name: 'gateway',
  find(facts) {
    const refusal = refusalIn(facts);
    if (refusal?.refusal?.from !== 'gateway' || !isForeign(refusal, facts)) return undefined;
    // A lock that the server lists explains it better.
    if (listedLocks(facts).length > 0 && othersLock(facts)) return undefined;
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

const blocking = /firewall|\bWAF\b|blocked|rejected|support id|incident id|ray id|policy/i;

/** Whether anything tells the refusal from this server's own answers: a mark that those carry as well tells nothing. */
function isForeign(refusal: RecordedExchange, { exchanges }: Facts): boolean {
  const usual = exchanges.filter(({ status = 500 }) => status < 400);
  if (usual.length === 0 || says(refusal, blocking)) return true;
  const known = new Set(usual.flatMap(marksOf));
  return marksOf(refusal).some((mark) => !known.has(mark));
}

/** Who answered, and by which way. */
function marksOf({ headers }: RecordedExchange): string[] {
  return Object.entries(headers)
    .filter(([name]) => /^(?:server|via|cf-|x-)/.test(name))
    .map(([name, value]) => (name === 'server' ? `server ${value.split(/[\s/]/, 1)[0] ?? ''}` : name));
}

const maintenance = /maintenance|wartung|read-?only mode|upgrade in progress|temporarily/i;

/** Many files in different folders at once: nobody edits like that. */
export const everywhere: Rule = {
  name: 'everywhere',
  find(facts) {
    const found = unexplained(facts);
    if (!found) return undefined;
    const { refusal, isProven } = found;
    const all = [refusal, ...refusedElsewhere(facts)];
    if (all.length < 3 || foldersOf(all).size < 2) return undefined;
    const because: Reason[] = [
      { code: 'severalRefused', count: all.length },
      isProven ? { code: 'noLockListed' } : { code: 'serverSilent' },
    ];
    const job = all.find(
      (exchange) =>
        exchange.headers['retry-after'] !== undefined ||
        says(exchange, maintenance) ||
        says(exchange, transaction),
    );
    const busy = facts.exchanges.some(
      ({ status, at }) => status === 503 && facts.now.mono - at.mono < 5 * minute,
    );
    if (job || busy) {
      return {
        cause: 'automatic',
        confidence: mediumIf(isProven),
        because: [...because, ...signOfJob(job)],
        alternatives: ['serverFault'],
        advice: ['wait', 'retry', 'contactAdmin', 'saveCopy', 'copyReport'],
        lookAgainMs: minute,
      };
    }
    // Where locks are never listed, that may as well be three colleagues at work.
    return isProven
      ? { cause: 'serverFault', confidence: 'medium', because, alternatives: ['automatic'], advice }
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
