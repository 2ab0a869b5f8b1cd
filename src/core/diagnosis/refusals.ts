import { statusOf, type RecordedExchange } from '../locks/exchanges';
import { unbrokenMs, type WriteAttempt } from '../locks/lockHistory';
import { isListedLock, type ObservedLock } from '../locks/observedLock';
import { reportsLock } from '../model/refusalInfo';
import { parentOf, type ResourceId } from '../model/resource';
import { minute, type Facts } from './facts';

/** After a refusal the locks are asked for; that look counts for the refusal. */
const soonAfterMs = 30_000;

/** The refusal that is to be explained: the newest try, where that was refused. */
export function refusalIn(facts: Pick<Facts, 'history' | 'state'>): RecordedExchange | undefined {
  const { refusal } = facts.history;
  return refusal && !isOver(facts, refusal) ? refusal : undefined;
}

/**
 * The server listed the lock that explains the refusal, and has said since then that it is gone. Where no lock was
 * listed, its list can take nothing back: then only a write that succeeds ends it.
 */
function isOver({ state, history }: Pick<Facts, 'history' | 'state'>, refusal: RecordedExchange): boolean {
  const { at, ms } = refusal;
  if (!isAboutLock(refusal) || state.kind !== 'unlocked' || state.at.mono <= at.mono) return false;
  return othersListed(history.locks).some((observed) =>
    stoodAt(observed, at.wall, at.wall + ms + soonAfterMs),
  );
}

/** Whether a refusal means a lock, by its status or by what it says. */
export function isAboutLock(refusal: RecordedExchange): boolean {
  return statusOf(refusal) === 423 || (refusal.refusal !== undefined && reportsLock(refusal.refusal));
}

/** Whether the refusal to be explained has one of these statuses. */
export function refusedWith(facts: Facts, ...statuses: readonly number[]): RecordedExchange | undefined {
  const refusal = refusalIn(facts);
  const status = refusal && statusOf(refusal);
  return status !== undefined && statuses.includes(status) ? refusal : undefined;
}

/** The present row of refusals: since when, in Unix milliseconds, and from the first to the last of them. */
export function refusedRow({ history }: Facts): { readonly since: number; readonly ms: number } | undefined {
  const row = rowUpTo(history, history.attempts.length);
  const [first] = row;
  const last = row.at(-1);
  return first && last && { since: first.at, ms: last.last - first.at };
}

/** The first refusal of the present row of refusals, in Unix milliseconds. */
export function refusedSince(facts: Facts): number | undefined {
  return refusedRow(facts)?.since;
}

/** How the last row of 423 ended, and how long it had lasted; undefined where none has. */
export function clearedAfter({ history }: Facts) {
  const { attempts, locks } = history;
  const last = attempts.findLastIndex(({ status }) => status === 423);
  const row = rowUpTo(history, last + 1);
  const from = row[0]?.at;
  const to = row.at(-1)?.last;
  if (from === undefined || to === undefined) return undefined;
  const explaining = othersListed(locks).filter((observed) => stoodAt(observed, from, to + soonAfterMs));
  const done = attempts.slice(last + 1).find(({ status }) => status !== undefined && status < 400)?.at;
  const gone = explaining.flatMap(({ ended }) => (ended !== undefined && ended > to ? [ended] : []));
  const at = Math.min(...gone, done ?? Infinity);
  // A lock that was listed all the time has been explained while it stood.
  return at === Infinity ? undefined : { at, ms: at - from, watched: explaining.length > 0 };
}

/** Tries refused alike, oldest first, with no success and no long silence between them. */
function rowUpTo({ attempts, locks }: Facts['history'], end: number): WriteAttempt[] {
  const row: WriteAttempt[] = [];
  for (const one of attempts.slice(0, end).reverse()) {
    const [next] = row;
    if (one.status === undefined) continue;
    if (one.status < 400 || (next && kindOf(next) !== kindOf(one))) break;
    const isUnbroken = !next || next.at - one.last <= unbrokenMs || standsOver(locks, one.last, next.at);
    if (!isUnbroken) break;
    row.unshift(one);
  }
  return row;
}

function kindOf({ status = 0 }: WriteAttempt): number {
  return status === 423 ? status : Math.floor(status / 100);
}

/** The looks between two moments have shown one lock all the time. */
function standsOver(locks: readonly ObservedLock[], from: number, to: number): boolean {
  return locks.some(
    ({ firstSeen, lastSeen }) => firstSeen <= from + soonAfterMs && lastSeen >= to - unbrokenMs,
  );
}

export function othersListed(locks: readonly ObservedLock[]): ObservedLock[] {
  return locks.filter((observed) => isListedLock(observed) && observed.self !== 'thisWindow');
}

export function stoodAt({ firstSeen, ended = Infinity }: ObservedLock, from: number, to: number): boolean {
  return firstSeen <= to && ended >= from;
}

/** Refusals of other resources of the server in the last five minutes, each resource once, that no lock explains. */
export function refusedElsewhere(facts: Facts): RecordedExchange[] {
  const { exchanges, resource, now, lockedElsewhere } = facts;
  const latest = new Map<ResourceId, RecordedExchange>();
  for (const exchange of exchanges) {
    if (exchange.resource === resource || now.mono - exchange.at.mono > 5 * minute) continue;
    if (exchange.refusal?.holder || lockedElsewhere?.has(exchange.resource)) continue;
    if (statusOf(exchange) === 423) latest.set(exchange.resource, exchange);
  }
  return [...latest.values()];
}

export function foldersOf(exchanges: readonly RecordedExchange[]): Set<ResourceId | undefined> {
  return new Set(exchanges.map(({ resource }) => parentOf(resource)));
}

/** Whether any of the patterns is in what the refusal said. */
export function says({ refusal, excerpt }: RecordedExchange, pattern: RegExp): boolean {
  return [refusal?.reason, ...(refusal?.codes ?? []), excerpt].some(
    (text) => text !== undefined && pattern.test(text),
  );
}
