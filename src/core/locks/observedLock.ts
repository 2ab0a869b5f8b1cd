import { defined } from '../../base/defined';
import type { Holder, Lock, LockDepth, LockSource } from '../model/lock';
import { isOurs } from '../model/lockView';
import type { ResourceId } from '../model/resource';

/** How one lock behaved while it was observed. Times in Unix milliseconds. */
export interface ObservedLock {
  /** Absent from histories that version 0.1.0 wrote. */
  readonly source?: LockSource;
  /** The fingerprint of its token, else a key from its other properties. */
  readonly key: string;
  /** Whether the key is a fingerprint, which never recurs. */
  readonly byToken: boolean;
  readonly name?: string;
  readonly app?: string;
  readonly assertedBy: Holder['assertedBy'];
  readonly self: Holder['self'];
  /** Was once held by this window: the token never recurs. */
  readonly wasOurs?: true;
  readonly depth: LockDepth;
  readonly root?: ResourceId;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The same on the server's clock, because ours may be adjusted meanwhile. */
  readonly lastSeenThere: number;
  /** The server's clock was unknown: its times here are on ours. */
  readonly unsynced?: true;
  /** The first observation without the lock. */
  readonly ended?: number;
  /** When it was taken, according to the server. */
  readonly since?: number;
  /** When it expires according to the last observation, **on the server's clock**. */
  readonly deadline?: number | 'never';
  /** The longest remaining time ever seen: at least this was granted. */
  readonly longestMs?: number;
  /** `counting`: the remaining time shrinks, so the deadline is credible; `fixed`: it never changes. */
  readonly basis: 'unproven' | 'counting' | 'fixed';
  /** When the deadline was seen to have moved. */
  readonly refreshes: readonly number[];
  /** The first observation with no time left although the lock was still held. */
  readonly elapsedSince?: number;
  readonly looks: number;
}

/** Whole seconds on the wire, plus the time of a request. */
const toleranceMs = 2_500;
/** As servers round, so little time left counts as none; a deadline further past is an absolute time that passed. */
const roundingMs = 1_000;
const maxRefreshes = 10;

/** Observes a lock: as a first observation, or as the continuation of an earlier one. */
export function observe(lock: Lock, wall: number, skewMs: number | undefined) {
  const first = firstObservation(lock, wall, skewMs);
  return { key: first.key, first, after: (old: ObservedLock) => merged(...onSameClock(old, first)) };
}

/** Whether the server listed it, or granted it to us. */
export function isListedLock({ source, byToken, root }: ObservedLock): boolean {
  return source === undefined ? byToken || root !== undefined : source !== 'refusal';
}

/** When the lock expires on our clock; undefined if no deadline is known. */
export function deadlineHere(observed: ObservedLock, skewMs: number | undefined): number | undefined {
  const { deadline, unsynced } = observed;
  if (typeof deadline !== 'number') return undefined;
  return deadline - (unsynced ? 0 : (skewMs ?? skewOf(observed)));
}

function skewOf({ lastSeen, lastSeenThere }: ObservedLock): number {
  return lastSeenThere - lastSeen;
}

/** A deadline has not moved just because the server's clock became known in between. */
function onSameClock(old: ObservedLock, latest: ObservedLock): [ObservedLock, ObservedLock] {
  if (old.unsynced === latest.unsynced) return [old, latest];
  return old.unsynced ? [synced(old, skewOf(latest)), latest] : [old, synced(latest, skewOf(old))];
}

function synced({ unsynced: _, ...rest }: ObservedLock, skewMs: number): ObservedLock {
  const { deadline, lastSeenThere } = rest;
  return {
    ...rest,
    lastSeenThere: lastSeenThere + skewMs,
    ...(typeof deadline === 'number' && { deadline: deadline + skewMs }),
  };
}

function firstObservation(lock: Lock, wall: number, skew: number | undefined): ObservedLock {
  const skewMs = skew ?? 0;
  const { source, holder, depth, root, since, expiry } = lock;
  const left = expiry.kind === 'at' ? expiry.at.wall - wall : undefined;
  return {
    source,
    key: lock.id ?? `${holder.name ?? ''} ${holder.app ?? ''} ${root ?? ''} ${since?.wall ?? ''}`,
    byToken: lock.id !== undefined,
    ...defined({ name: holder.name, app: holder.app }),
    assertedBy: holder.assertedBy,
    self: holder.self,
    ...(isOurs(lock) && { wasOurs: true as const }),
    depth,
    ...(root !== undefined && { root }),
    firstSeen: wall,
    lastSeen: wall,
    lastSeenThere: wall + skewMs,
    ...(skew === undefined && { unsynced: true as const }),
    ...(since !== undefined && { since: since.wall }),
    ...(expiry.kind === 'never' && { deadline: 'never' as const }),
    ...(expiry.kind === 'at' && { deadline: expiry.at.wall + skewMs }),
    ...(left !== undefined && { longestMs: left }),
    ...(left !== undefined && Math.abs(left) <= roundingMs && { elapsedSince: wall }),
    basis: 'unproven',
    refreshes: [],
    looks: 1,
  };
}

function merged(old: ObservedLock, latest: ObservedLock): ObservedLock {
  // The store repeats the same response when something related changes.
  if (latest.lastSeen <= old.lastSeen) return old;
  const { since = old.since } = latest;
  const common: ObservedLock = {
    ...latest,
    ...(old.source !== undefined && latest.source === 'refusal' && { source: old.source }),
    ...defined({ since, longestMs: old.longestMs }),
    ...(old.wasOurs && { wasOurs: true as const }),
    firstSeen: old.firstSeen,
    looks: old.looks + 1,
  };
  const { basis, refreshes, longestMs } = old;
  if (latest.elapsedSince !== undefined) {
    // It should have expired: keep the deadline.
    const elapsedSince = old.elapsedSince ?? latest.elapsedSince;
    const deadline = old.deadline ?? latest.deadline ?? latest.lastSeen;
    return { ...common, basis, refreshes, deadline, elapsedSince, longestMs: longestMs ?? 0 };
  }
  if (typeof old.deadline !== 'number' || typeof latest.deadline !== 'number') {
    return { ...common, basis, refreshes };
  }
  const passed = latest.lastSeenThere - old.lastSeenThere;
  const moved = latest.deadline - old.deadline;
  const longest = Math.max(longestMs ?? 0, latest.longestMs ?? 0);
  const reported = { ...common, longestMs: longest };
  if (passed <= 2 * toleranceMs && Math.abs(moved) <= passed + toleranceMs)
    return { ...reported, basis, refreshes };
  if (Math.abs(moved) <= toleranceMs) return { ...reported, basis: 'counting', refreshes };
  // The remaining time did not change: the server never counts down, or the lock was refreshed exactly so.
  const isStill = Math.abs(moved - passed) <= toleranceMs;
  if (isStill && basis !== 'counting') return { ...reported, basis: 'fixed', refreshes };
  if (moved < 0) return { ...reported, basis, refreshes };
  const seen = [...refreshes, latest.lastSeen].slice(-maxRefreshes);
  return { ...reported, basis: basis === 'fixed' ? 'unproven' : basis, refreshes: seen };
}
