import { statusOf, type RecordedExchange } from '../locks/exchanges';
import { unbrokenMs, type Try } from '../locks/lockHistory';
import { isListedTrace, type LockTrace } from '../locks/lockTrace';
import { tellsLock } from '../model/refusalTold';
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
  return othersListed(history.traces).some((trace) => stoodAt(trace, at.wall, at.wall + ms + soonAfterMs));
}

/** Whether a refusal means a lock, by its status or by what it says. */
export function isAboutLock(refusal: RecordedExchange): boolean {
  return statusOf(refusal) === 423 || (refusal.told !== undefined && tellsLock(refusal.told));
}

/** Whether the refusal to be explained has one of these statuses. */
export function refusedWith(facts: Facts, ...statuses: readonly number[]): RecordedExchange | undefined {
  const refusal = refusalIn(facts);
  const status = refusal && statusOf(refusal);
  return status !== undefined && statuses.includes(status) ? refusal : undefined;
}

/** The present row of refusals: since when, in Unix milliseconds, and from the first to the last of them. */
export function refusedRow({ history }: Facts): { readonly since: number; readonly ms: number } | undefined {
  const row = rowUpTo(history, history.tries.length);
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
  const { tries, traces } = history;
  const last = tries.findLastIndex(({ status }) => status === 423);
  const row = rowUpTo(history, last + 1);
  const from = row[0]?.at;
  const to = row.at(-1)?.last;
  if (from === undefined || to === undefined) return undefined;
  const explaining = othersListed(traces).filter((trace) => stoodAt(trace, from, to + soonAfterMs));
  const done = tries.slice(last + 1).find(({ status }) => status !== undefined && status < 400)?.at;
  const gone = explaining.flatMap(({ ended }) => (ended !== undefined && ended > to ? [ended] : []));
  const at = Math.min(...gone, done ?? Infinity);
  // A lock that was listed all the time has been explained while it stood.
  return at === Infinity ? undefined : { at, ms: at - from, watched: explaining.length > 0 };
}

/** Tries refused alike, oldest first, with no success and no long silence between them. */
function rowUpTo({ tries, traces }: Facts['history'], end: number): Try[] {
  const row: Try[] = [];
  for (const one of tries.slice(0, end).reverse()) {
    const [next] = row;
    if (one.status === undefined) continue;
    if (one.status < 400 || (next && kindOf(next) !== kindOf(one))) break;
    const isUnbroken = !next || next.at - one.last <= unbrokenMs || standsOver(traces, one.last, next.at);
    if (!isUnbroken) break;
    row.unshift(one);
  }
  return row;
}

function kindOf({ status = 0 }: Try): number {
  return status === 423 ? status : Math.floor(status / 100);
}

/** The looks between two moments have shown one lock all the time. */
function standsOver(traces: readonly LockTrace[], from: number, to: number): boolean {
  return traces.some(
    ({ firstSeen, lastSeen }) => firstSeen <= from + soonAfterMs && lastSeen >= to - unbrokenMs,
  );
}

export function othersListed(traces: readonly LockTrace[]): LockTrace[] {
  return traces.filter((trace) => isListedTrace(trace) && trace.self !== 'thisWindow');
}

export function stoodAt({ firstSeen, ended = Infinity }: LockTrace, from: number, to: number): boolean {
  return firstSeen <= to && ended >= from;
}

/** Refusals of other resources of the server in the last five minutes, each resource once, that no lock explains. */
export function refusedElsewhere(facts: Facts): RecordedExchange[] {
  const { exchanges, resource, now, lockedElsewhere } = facts;
  const latest = new Map<ResourceId, RecordedExchange>();
  for (const exchange of exchanges) {
    if (exchange.resource === resource || now.mono - exchange.at.mono > 5 * minute) continue;
    if (exchange.told?.holder || lockedElsewhere?.has(exchange.resource)) continue;
    if (statusOf(exchange) === 423) latest.set(exchange.resource, exchange);
  }
  return [...latest.values()];
}

export function foldersOf(exchanges: readonly RecordedExchange[]): Set<ResourceId | undefined> {
  return new Set(exchanges.map(({ resource }) => parentOf(resource)));
}

/** Whether any of the patterns is in what the refusal said. */
export function says({ told, excerpt }: RecordedExchange, pattern: RegExp): boolean {
  return [told?.reason, ...(told?.codes ?? []), excerpt].some(
    (text) => text !== undefined && pattern.test(text),
  );
}
