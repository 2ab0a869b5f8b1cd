import { statusOf, type RecordedExchange } from '../exchanges';
import type { Lock, LockId, LockState, Stamp } from '../lock';
import type { ResourceHistory } from '../lockHistory';
import type { LockTrace } from '../lockTrace';
import type { ListingHabit } from '../lockStore';
import type { Rights } from '../ports';
import { parentOf, type ResourceId } from '../resource';

/** Our own lock, as far as it matters here. */
export interface OwnLease {
  readonly id: LockId;
  /** Unix milliseconds. */
  readonly since: number;
}

/** All that a diagnosis rests on. Nothing is asked while it is made. */
export interface Facts {
  readonly resource: ResourceId;
  readonly now: Stamp;
  /** The server's clock minus ours; absent where it sends no Date. */
  readonly skewMs?: number;
  readonly state: LockState;
  readonly habit: ListingHabit;
  readonly history: ResourceHistory;
  /** Exchanges with this server, oldest first. */
  readonly exchanges: readonly RecordedExchange[];
  /** Our locks that cover the resource. */
  readonly leases: readonly OwnLease[];
  /** Locks of ours that are lost or were let go, so far as this run knows. */
  readonly formerIds: ReadonlySet<LockId>;
  readonly rights?: Rights;
  /** The server's content against what the person has seen. */
  readonly content: 'same' | 'changed' | 'unknown';
  /** The resources that each known lock of the server is listed on. */
  readonly sameLockOn?: number;
}

export const minute = 60_000;
export const hour = 60 * minute;

/** After a refusal the locks are asked for; that look counts for the refusal. */
const soonAfterMs = 30_000;

const writes = new Set(['PUT', 'DELETE', 'MOVE', 'COPY', 'MKCOL', 'PROPPATCH', 'POST', 'PATCH']);

/** Writes and locks of this resource, oldest first. */
export function triesOf({ exchanges, resource }: Facts): RecordedExchange[] {
  return exchanges.filter(
    (exchange) =>
      exchange.resource === resource && (writes.has(exchange.method) || exchange.method === 'LOCK'),
  );
}

/** The refusal that is to be explained: the newest try, where that was refused. */
export function refusalIn(facts: Facts): RecordedExchange | undefined {
  const last = triesOf(facts)
    .filter(({ status }) => status !== undefined)
    .at(-1);
  return last && (statusOf(last) ?? 0) >= 400 && !isOver(facts, last) ? last : undefined;
}

/** A lock that we watched explains the refusal, and the server has said since then that it is gone. */
function isOver({ state, history }: Facts, { at, ms }: RecordedExchange): boolean {
  if (state.kind !== 'unlocked' || state.at.mono <= at.mono) return false;
  return history.traces.some(
    ({ firstSeen, ended }) =>
      ended !== undefined && ended >= at.wall && firstSeen <= at.wall + ms + soonAfterMs,
  );
}

/** Whether the refusal to be explained has one of these statuses. */
export function refusedWith(facts: Facts, ...statuses: readonly number[]): RecordedExchange | undefined {
  const refusal = refusalIn(facts);
  const status = refusal && statusOf(refusal);
  return status !== undefined && statuses.includes(status) ? refusal : undefined;
}

export function locksIn({ state }: Facts): readonly Lock[] {
  return state.kind === 'locked' ? state.locks : [];
}

/** Locks that the server itself lists; a lock that only a refusal told has no fingerprint and is not among them. */
export function listedLocks(facts: Facts): readonly Lock[] {
  return locksIn(facts).filter(isListed);
}

function isListed(lock: Lock): boolean {
  return lock.id !== undefined || lock.root !== undefined;
}

/** The lock of somebody else that bars us, if any is known: the one that tells most. */
export function othersLock(facts: Facts): Lock | undefined {
  const others = locksIn(facts).filter(({ holder }) => holder.self === 'other' || holder.self === 'unknown');
  return others.find((lock) => lock.holder.name !== undefined) ?? others.find(isListed) ?? others[0];
}

/** A 423 (or its like) stands in the way and no lock is listed although this server lists locks. */
export function isUnlisted(facts: Facts): boolean {
  return facts.habit === 'seen' && listedLocks(facts).length === 0;
}

/** How the lock behaved so far. */
export function traceOf(facts: Facts, lock: Lock): LockTrace | undefined {
  return facts.history.traces.find(
    (trace) => trace.ended === undefined && (lock.id === undefined || trace.key === lock.id),
  );
}

/** Milliseconds left by the server's clock; undefined where no end is told. */
export function leftMs(facts: Facts, trace: LockTrace): number | undefined {
  if (typeof trace.deadline !== 'number') return undefined;
  return trace.deadline - (facts.now.wall + (facts.skewMs ?? 0));
}

/** The earliest moment at which the lock is known to have stood. */
export function heldSince(lock: Lock, trace: LockTrace | undefined): number | undefined {
  return lock.since?.wall ?? trace?.since ?? trace?.firstSeen;
}

/** The first refusal of the present row of refusals, in Unix milliseconds. */
export function refusedSince({ history }: Facts): number | undefined {
  let since: number | undefined;
  for (const { at, status } of [...history.tries].reverse()) {
    if (status === undefined || status < 400) break;
    since = at;
  }
  return since;
}

/** How long the last row of refusals lasted before it cleared; undefined where none has. */
export function clearedAfter(facts: Facts): { readonly at: number; readonly ms: number } | undefined {
  const { tries, turns } = facts.history;
  const last = tries.findLastIndex(({ status }) => status === 423);
  const refused = tries[last];
  if (!refused) return undefined;
  const done = tries.slice(last + 1).find(({ status }) => status !== undefined && status < 400)?.at;
  const free = turns.find(({ at, said }) => said === 'free' && at > refused.last)?.at;
  const ended = [done, free].filter((at) => at !== undefined).sort((one, other) => one - other)[0];
  let from = refused.at;
  for (let index = last - 1; tries[index]?.status === 423; index--) from = tries[index]?.at ?? from;
  return ended === undefined ? undefined : { at: ended, ms: ended - from };
}

/** Refusals of other resources of the server in the last five minutes, each resource once. */
export function refusedElsewhere({ exchanges, resource, now }: Facts): RecordedExchange[] {
  const latest = new Map<ResourceId, RecordedExchange>();
  for (const exchange of exchanges) {
    if (exchange.resource === resource || now.mono - exchange.at.mono > 5 * minute) continue;
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
