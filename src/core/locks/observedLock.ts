import type { Holder, Lock, LockDepth } from '../model/lock';
import type { ResourceId } from '../model/resource';

/** How one lock behaved while it was watched. Times in Unix milliseconds. */
export interface ObservedLock {
  /** The fingerprint of its token, else what tells it apart. */
  readonly key: string;
  /** Whether the key is such a fingerprint: those never come twice. */
  readonly byToken: boolean;
  readonly name?: string;
  readonly app?: string;
  readonly assertedBy: Holder['assertedBy'];
  readonly self: Holder['self'];
  readonly depth: LockDepth;
  readonly root?: ResourceId;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The same on the server's clock: ours may be set meanwhile. */
  readonly lastSeenThere: number;
  /** The server's clock was not known: its times here are ours. */
  readonly unsynced?: true;
  /** The first look at which it was gone. */
  readonly ended?: number;
  /** When it was taken, by the server's word. */
  readonly since?: number;
  /** When it ends, by the last look, **on the server's clock**. */
  readonly deadline?: number | 'never';
  /** The longest time that was ever left: at least this was granted. */
  readonly longestMs?: number;
  /** `counting`: the time left shrinks, so the deadline can be believed; `fixed`: the same time is always shown. */
  readonly basis: 'unproven' | 'counting' | 'fixed';
  /** When the deadline was seen to have moved on. */
  readonly refreshes: readonly number[];
  /** The first look that showed no time left, although the lock stood. */
  readonly elapsedSince?: number;
  readonly looks: number;
}

/** Whole seconds on the wire, and the time that a request takes. */
const toleranceMs = 2_500;
/** As little as this left, rounded as servers do, is nothing left; what is further past is a time of day that passed. */
const elapsedMs = 1_000;
const keptRefreshes = 10;

/** One look at a lock: a first trace, or what becomes of an older one. */
export function observe(lock: Lock, wall: number, skewMs: number | undefined) {
  const first = firstObservation(lock, wall, skewMs);
  return { key: first.key, first, after: (old: ObservedLock) => continued(...onOneClock(old, first)) };
}

/** Whether the server itself showed it: what only a refusal told has neither token nor place. */
export function isListedLock({ byToken, root }: ObservedLock): boolean {
  return byToken || root !== undefined;
}

/** When the lock ends on our clock; undefined where no end is told. */
export function deadlineHere(observed: ObservedLock, skewMs: number | undefined): number | undefined {
  const { deadline, unsynced } = observed;
  if (typeof deadline !== 'number') return undefined;
  return deadline - (unsynced ? 0 : (skewMs ?? skewOf(observed)));
}

function skewOf({ lastSeen, lastSeenThere }: ObservedLock): number {
  return lastSeenThere - lastSeen;
}

/** A clock that becomes known between two looks has not moved a deadline. */
function onOneClock(old: ObservedLock, look: ObservedLock): [ObservedLock, ObservedLock] {
  if (old.unsynced === look.unsynced) return [old, look];
  return old.unsynced ? [synced(old, skewOf(look)), look] : [old, synced(look, skewOf(old))];
}

function synced({ unsynced: _, ...trace }: ObservedLock, skewMs: number): ObservedLock {
  const { deadline, lastSeenThere } = trace;
  return {
    ...trace,
    lastSeenThere: lastSeenThere + skewMs,
    ...(typeof deadline === 'number' && { deadline: deadline + skewMs }),
  };
}

function firstObservation(lock: Lock, wall: number, skew: number | undefined): ObservedLock {
  const skewMs = skew ?? 0;
  const { holder, depth, root, since, expiry } = lock;
  const left = expiry.kind === 'at' ? expiry.at.wall - wall : undefined;
  return {
    key: lock.id ?? `${holder.name ?? ''} ${holder.app ?? ''} ${root ?? ''} ${since?.wall ?? ''}`,
    byToken: lock.id !== undefined,
    ...(holder.name !== undefined && { name: holder.name }),
    ...(holder.app !== undefined && { app: holder.app }),
    assertedBy: holder.assertedBy,
    self: holder.self,
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
    ...(left !== undefined && Math.abs(left) <= elapsedMs && { elapsedSince: wall }),
    basis: 'unproven',
    refreshes: [],
    looks: 1,
  };
}

function continued(old: ObservedLock, look: ObservedLock): ObservedLock {
  // The store tells the same answer again when something near it changes.
  if (look.lastSeen <= old.lastSeen) return old;
  const { since = old.since } = look;
  const common: ObservedLock = {
    ...look,
    ...(since !== undefined && { since }),
    ...(old.longestMs !== undefined && { longestMs: old.longestMs }),
    firstSeen: old.firstSeen,
    looks: old.looks + 1,
  };
  const { basis, refreshes, longestMs } = old;
  if (look.elapsedSince !== undefined) {
    // It should be gone: the deadline stays where it was.
    const elapsedSince = old.elapsedSince ?? look.elapsedSince;
    const deadline = old.deadline ?? look.deadline ?? look.lastSeen;
    return { ...common, basis, refreshes, deadline, elapsedSince, longestMs: longestMs ?? 0 };
  }
  if (typeof old.deadline !== 'number' || typeof look.deadline !== 'number') {
    return { ...common, basis, refreshes };
  }
  const passed = look.lastSeenThere - old.lastSeenThere;
  const moved = look.deadline - old.deadline;
  const longest = Math.max(longestMs ?? 0, look.longestMs ?? 0);
  const reported = { ...common, longestMs: longest };
  if (passed <= 2 * toleranceMs && Math.abs(moved) <= passed + toleranceMs)
    return { ...reported, basis, refreshes };
  if (Math.abs(moved) <= toleranceMs) return { ...reported, basis: 'counting', refreshes };
  // As much left as at the last look: either the server never counts, or it was refreshed just so.
  const isStill = Math.abs(moved - passed) <= toleranceMs;
  if (isStill && basis !== 'counting') return { ...reported, basis: 'fixed', refreshes };
  if (moved < 0) return { ...reported, basis, refreshes };
  const seen = [...refreshes, look.lastSeen].slice(-keptRefreshes);
  return { ...reported, basis: basis === 'fixed' ? 'unproven' : basis, refreshes: seen };
}
