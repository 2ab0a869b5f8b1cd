import { statusOf, type RecordedExchange } from '../../locks/exchanges';
import type { Reason } from '../diagnosis';
import { transientLockMs } from '../../saving/saveDecision';
import { parentOf, type ResourceId } from '../../model/resource';
import { minute, type Facts } from '../facts';
import { listedLocks, mediumIf, blockingLock, silence, unexplained423 } from '../locks';
import { refusalMatches, refusalText, texts } from '../refusalTexts';
import { foldersOf, othersListed, refusalToExplain, refusedElsewhere } from '../refusals';
import type { Found } from './rule';

const advice = ['contactAdmin', 'copyReport', 'saveCopy', 'retry'] as const;
/** Time for a request and the listing after it. */
const slackMs = 3_000;

/** A lock token disappeared and came back: several nodes answer, each with its own locks. */
export function splitStores(facts: Facts): Found | undefined {
  const times = new Map<string, number>();
  // Our own locks reappear whenever they are refreshed.
  for (const { key, byToken, lastSeen } of othersListed(facts.history.locks)) {
    if (byToken && facts.now.wall - lastSeen < 30 * minute) times.set(key, (times.get(key) ?? 0) + 1);
  }
  const returns = Math.max(0, ...times.values()) - 1;
  const alternations = Math.max(alternating(facts), comingAndGoing(facts) + 1);
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
}

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

/** How often a resource was there and not there in turn, asked by us alone. */
function comingAndGoing({ exchanges, now, resource }: Facts): number {
  const near = new Set([resource, parentOf(resource)]);
  const turns = new Map<ResourceId, { readonly isThere: boolean; readonly count: number }>();
  for (const { method, resource: at, status = 0, at: asked } of exchanges) {
    if (method !== 'PROPFIND' || !near.has(at) || now.mono - asked.mono > 5 * minute) continue;
    if (status !== 207 && status !== 404) continue;
    const isThere = status === 207;
    const before = turns.get(at);
    const count = (before?.count ?? 0) + (before && before.isThere !== isThere ? 1 : 0);
    turns.set(at, { isThere, count });
  }
  return Math.max(0, ...[...turns.values()].map(({ count }) => count));
}

/** A proxy or firewall in front of the server sent the refusal. */
export function gateway(facts: Facts): Found | undefined {
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
      read && statusOf(read) === 423 && { code: 'noReadEither' },
    ],
    alternatives: ['access'],
    advice,
  };
}

/** Whether the refusal differs from the server's own responses; headers that both have prove nothing. */
function isUnlikeServer(refusal: RecordedExchange, { exchanges }: Facts): boolean {
  const usual = exchanges.filter(({ status = 500 }) => status < 400);
  if (usual.length === 0 || refusalMatches(refusal, texts.firewall)) return true;
  const known = new Set(usual.flatMap(marksOf));
  return marksOf(refusal).some((mark) => !known.has(mark));
}

/** Headers that identify who responded and by which route. */
function marksOf({ headers }: RecordedExchange): string[] {
  return Object.entries(headers)
    .filter(([name]) => /^(?:server|via|cf-|x-)/.test(name))
    .map(([name, value]) => (name === 'server' ? `server ${value.split(/[\s/]/, 1)[0] ?? ''}` : name));
}

/** Many files in different folders refused at once: nobody edits like that. */
export function refusedInManyFolders(facts: Facts): Found | undefined {
  const found = unexplained423(facts);
  if (!found) return undefined;
  const { refusal, isProven } = found;
  const all = [refusal, ...refusedElsewhere(facts)];
  if (all.length < 3 || foldersOf(all).size < 2) return undefined;
  const evidence: Reason[] = [{ code: 'severalRefused', count: all.length }, silence(facts)];
  const job = all.find(
    (exchange) =>
      exchange.headers['retry-after'] !== undefined ||
      refusalMatches(exchange, texts.job) ||
      refusalMatches(exchange, texts.transaction),
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
}

function signOfJob(job: RecordedExchange | undefined): Reason[] {
  const wait = job?.headers['retry-after'];
  if (wait !== undefined) return [{ code: 'retryAfter', text: wait }];
  return job
    ? [{ code: 'transactionText', text: refusalText(job) }]
    : [{ code: 'serverErrors', status: 503 }];
}
