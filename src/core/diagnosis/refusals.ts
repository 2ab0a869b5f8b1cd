import { statusOf, type RecordedExchange } from '../locks/exchanges';
import { hasSucceeded, maxAttemptGapMs, type WriteAttempt } from '../locks/lockHistory';
import { isListedLock, type ObservedLock } from '../locks/observedLock';
import { reportsLock } from '../model/refusalInfo';
import { parentOf, type ResourceId } from '../model/resource';
import type { Reason } from './diagnosis';
import { minute, type Facts } from './facts';

/** A refusal triggers a listing, which arrives within this time and counts for the refusal. */
const listingDelayMs = 30_000;

/** The refusal to explain: the newest attempt, if it was refused and is not resolved since. */
export function refusalToExplain(facts: Pick<Facts, 'history' | 'state'>): RecordedExchange | undefined {
  const { refusal } = facts.history;
  return refusal && !isResolved(facts, refusal) ? refusal : undefined;
}

/**
 * Resolved if the server listed a lock at the time of the refusal and none since. If it listed none then, only a
 * successful write resolves the refusal.
 */
function isResolved(
  { state, history }: Pick<Facts, 'history' | 'state'>,
  refusal: RecordedExchange,
): boolean {
  const { at, ms } = refusal;
  if (!isAboutLock(refusal) || state.kind !== 'unlocked' || state.at.mono <= at.mono) return false;
  return othersListed(history.locks).some((observed) =>
    wasHeldBetween(observed, at.wall, at.wall + ms + listingDelayMs),
  );
}

/** Whether the refusal is about a lock, by its status or its content. */
export function isAboutLock(refusal: RecordedExchange): boolean {
  return statusOf(refusal) === 423 || (refusal.refusal !== undefined && reportsLock(refusal.refusal));
}

/** The refusal to explain, if it has one of these statuses. */
export function refusedWith(facts: Facts, ...statuses: readonly number[]): RecordedExchange | undefined {
  const refusal = refusalToExplain(facts);
  const status = refusal && statusOf(refusal);
  return status !== undefined && statuses.includes(status) ? refusal : undefined;
}

/** The current run of refusals: its start in Unix milliseconds, and its length. */
export function refusalRun({ history }: Facts): { readonly since: number; readonly ms: number } | undefined {
  const run = runUpTo(history, history.attempts.length);
  const [first] = run;
  const last = run.at(-1);
  return first && last && { since: first.at, ms: last.last - first.at };
}

/** When the current run of refusals began, in Unix milliseconds. */
export function refusalRunStart(facts: Facts): number | undefined {
  return refusalRun(facts)?.since;
}

/** When the last run of 423s ended and how long it lasted; undefined if none has ended. */
export function clearedAfter({ history }: Facts) {
  const { attempts, locks } = history;
  const last = attempts.findLastIndex(({ status }) => status === 423);
  const run = runUpTo(history, last + 1);
  const from = run[0]?.at;
  const to = run.at(-1)?.last;
  if (from === undefined || to === undefined) return undefined;
  const explaining = othersListed(locks).filter((observed) =>
    wasHeldBetween(observed, from, to + listingDelayMs),
  );
  const succeededAt = attempts.slice(last + 1).find(hasSucceeded)?.at;
  const endings = explaining.flatMap(({ ended }) => (ended !== undefined && ended > to ? [ended] : []));
  const at = Math.min(...endings, succeededAt ?? Infinity);
  // `saved`: a save went through. `watched`: a listed lock explained the refusals while it was held.
  if (at === Infinity) return undefined;
  return { at, ms: at - from, watched: explaining.length > 0, saved: at === succeededAt };
}

/** Attempts refused alike, oldest first, without a success or a long gap between them. */
function runUpTo({ attempts, locks }: Facts['history'], end: number): WriteAttempt[] {
  const run: WriteAttempt[] = [];
  for (const attempt of attempts.slice(0, end).reverse()) {
    const [next] = run;
    if (attempt.status === undefined) continue;
    if (hasSucceeded(attempt) || (next && statusClassOf(next) !== statusClassOf(attempt))) break;
    const isUnbroken =
      !next || next.at - attempt.last <= maxAttemptGapMs || wasListedThroughout(locks, attempt.last, next.at);
    if (!isUnbroken) break;
    run.unshift(attempt);
  }
  return run;
}

function statusClassOf({ status = 0 }: WriteAttempt): number {
  return status === 423 ? status : Math.floor(status / 100);
}

/** Whether the listings between two moments showed one lock throughout. */
function wasListedThroughout(locks: readonly ObservedLock[], from: number, to: number): boolean {
  return locks.some(
    ({ firstSeen, lastSeen }) => firstSeen <= from + listingDelayMs && lastSeen >= to - maxAttemptGapMs,
  );
}

export function othersListed(locks: readonly ObservedLock[]): ObservedLock[] {
  return locks.filter((observed) => isListedLock(observed) && observed.self !== 'thisWindow');
}

function wasHeldBetween({ firstSeen, ended = Infinity }: ObservedLock, from: number, to: number): boolean {
  return firstSeen <= to && ended >= from;
}

/**
 * 423s on other resources that no lock explains, one per resource: in the last five minutes, or when the refusals
 * here began.
 */
export function refusedElsewhere(facts: Facts): RecordedExchange[] {
  const { exchanges, resource, now, lockedElsewhere } = facts;
  const began = refusalRunStart(facts);
  const latest = new Map<ResourceId, RecordedExchange>();
  for (const exchange of exchanges) {
    const isRecent = now.mono - exchange.at.mono <= 5 * minute;
    const isAtBeginning = began !== undefined && Math.abs(exchange.at.wall - began) <= 5 * minute;
    if (exchange.resource === resource || !(isRecent || isAtBeginning)) continue;
    if (exchange.refusal?.holder || lockedElsewhere?.has(exchange.resource)) continue;
    if (statusOf(exchange) === 423) latest.set(exchange.resource, exchange);
  }
  return [...latest.values()];
}

export function foldersOf(exchanges: readonly RecordedExchange[]): Set<ResourceId | undefined> {
  return new Set(exchanges.map(({ resource }) => parentOf(resource)));
}

/** @param usual the status where the answer has none. */
export function refusedOnce(refusal: RecordedExchange, usual: number): Reason {
  return { code: 'refusedOnce', status: statusOf(refusal) ?? usual, at: refusal.at.wall };
}
