import { Emitter } from '../../base/emitter';
import { isRefused, statusOf, type RecordedExchange } from './exchanges';
import type { Lock, LockState, Stamp } from '../model/lock';
import { observe, type ObservedLock } from './observedLock';
import { isWithin, type ResourceId } from '../model/resource';

/** Tries of ours to write or to lock, one after the other, that ended alike. */
export interface WriteAttempt {
  /** Unix milliseconds on our clock: the first and the last of them. */
  readonly at: number;
  readonly last: number;
  readonly count: number;
  readonly method: string;
  /** Absent where no answer came. */
  readonly status?: number;
}

/** A change of what the server says about locks: each entry differs from the one before. */
export interface StateChange {
  readonly at: number;
  readonly state: 'free' | 'locked' | 'unknown';
}

/** What has been seen of a resource's locks. Contains fingerprints, never tokens. */
export interface ResourceHistory {
  readonly locks: readonly ObservedLock[];
  readonly changes: readonly StateChange[];
  readonly attempts: readonly WriteAttempt[];
  /** The newest try that was answered, where that was refused. */
  readonly refusal?: RecordedExchange;
}

export const noHistory: ResourceHistory = { locks: [], changes: [], attempts: [] };

// A day, and enough more to see that something lasted a whole one.
const keptMs = 25 * 3_600_000;
const keptOfEach = 20;
const keptResources = 300;
/** Alike tries further apart are two: what was between them is not known. */
export const unbrokenMs = 30 * 60_000;

/**
 * Remembers how locks came, were refreshed and went, of the resources where there was one. The last 20 of each kind and
 * 24 hours.
 */
export class LockHistory {
  private readonly known = new Map<ResourceId, ResourceHistory>();
  private readonly changed = new Emitter<ResourceId>();
  readonly onDidChange = this.changed.event;

  of(resource: ResourceId): ResourceHistory {
    return this.known.get(resource) ?? noHistory;
  }

  /** Whether there was ever a lock or a refusal. */
  follows(resource: ResourceId): boolean {
    return this.known.has(resource);
  }

  /** Times on the server's clock need its distance from ours at the time of the look; absent where it is not known. */
  observed(resource: ResourceId, state: LockState, skewMs?: number): void {
    const before = this.known.get(resource);
    // Most files never meet a lock: they leave no history.
    if (!state.at || (!before && state.kind !== 'locked')) return;
    const { wall } = state.at;
    const listedAs = state.kind === 'unlocked' ? 'free' : state.kind;
    const changes = before?.changes ?? [];
    const listed = state.kind === 'locked' ? state.locks : [];
    this.keep(resource, {
      ...(before ?? noHistory),
      changes: changes.at(-1)?.state === listedAs ? changes : [...changes, { at: wall, state: listedAs }],
      locks:
        listedAs === 'unknown'
          ? (before?.locks ?? [])
          : observeAll(before?.locks ?? [], listed, wall, skewMs),
    });
  }

  attempted(exchange: RecordedExchange): void {
    const { resource, method, at } = exchange;
    const { wall } = at;
    const known = this.known.get(resource);
    // What succeeds where nothing was ever refused is no news.
    if (!known && !isRefused(exchange)) return;
    const { refusal, ...before } = known ?? noHistory;
    const { attempts } = before;
    const status = statusOf(exchange);
    const last = attempts.at(-1);
    const alike = last?.method === method && last.status === status && wall - last.last <= unbrokenMs;
    const one: WriteAttempt = alike
      ? { ...last, last: wall, count: last.count + 1 }
      : { at: wall, last: wall, count: 1, method, ...(status !== undefined && { status }) };
    const standing = isRefused(exchange) ? exchange : status === undefined ? refusal : undefined;
    this.keep(resource, {
      ...before,
      attempts: [...(alike ? attempts.slice(0, -1) : attempts), one],
      ...(standing && { refusal: standing }),
    });
  }

  forget(root: ResourceId): void {
    for (const id of [...this.known.keys()]) if (isWithin(id, root)) this.known.delete(id);
  }

  /** For keeping over a restart: what a refusal said, without the beginning of its page. */
  all(): readonly (readonly [ResourceId, ResourceHistory])[] {
    return [...this.known].map(([resource, history]) => [resource, withoutExcerpt(history)] as const);
  }

  /** What an earlier run knew; its monotonic clock was another. */
  recall(all: readonly (readonly [ResourceId, ResourceHistory])[], now: Stamp): void {
    for (const [resource, kept] of all) {
      const { refusal } = kept;
      const at = refusal && { ...refusal.at, mono: now.mono + refusal.at.wall - now.wall };
      const history = at ? { ...kept, refusal: { ...refusal, at } } : kept;
      const young = cut(history, now.wall);
      if (young.locks.length + young.changes.length + young.attempts.length > 0)
        this.known.set(resource, young);
    }
  }

  dispose(): void {
    this.changed.dispose();
  }

  private keep(resource: ResourceId, history: ResourceHistory): void {
    const latest = Math.max(
      0,
      ...history.locks.map(({ lastSeen }) => lastSeen),
      ...history.changes.map(({ at }) => at),
      ...history.attempts.map(({ last }) => last),
    );
    // Last touched, last in order: the oldest goes first.
    this.known.delete(resource);
    this.known.set(resource, cut(history, latest));
    const [oldest] = this.known.keys();
    if (this.known.size > keptResources && oldest !== undefined) this.known.delete(oldest);
    this.changed.fire(resource);
  }
}

function observeAll(
  before: readonly ObservedLock[],
  locks: readonly Lock[],
  wall: number,
  skewMs: number | undefined,
): ObservedLock[] {
  const now = locks.map((lock) => observe(lock, wall, skewMs));
  const kept = before.flatMap((old) => {
    if (old.ended !== undefined) return [old];
    const again = now.find(({ key }) => key === old.key);
    if (again) return [again.after(old)];
    // A refusal told of a lock before the listing told whose it is: that was no lock of its own.
    return isNameless(old) && now.length > 0 ? [] : [{ ...old, ended: wall }];
  });
  const standing = new Set(before.filter(({ ended }) => ended === undefined).map(({ key }) => key));
  return [...kept, ...now.filter(({ key }) => !standing.has(key)).map(({ first }) => first)];
}

function isNameless({ byToken, assertedBy }: ObservedLock): boolean {
  return !byToken && assertedBy === 'nobody';
}

function withoutExcerpt({ refusal, ...history }: ResourceHistory): ResourceHistory {
  const bare = ({ excerpt: _, ...refusal }: RecordedExchange) => refusal;
  return { ...history, ...(refusal && { refusal: bare(refusal) }) };
}

function cut({ locks, changes, attempts, refusal }: ResourceHistory, nowWall: number): ResourceHistory {
  const from = nowWall - keptMs;
  return {
    locks: locks.filter(({ lastSeen }) => lastSeen >= from).slice(-keptOfEach),
    changes: changes
      .filter((turn, index) => turn.at >= from || index === changes.length - 1)
      .slice(-keptOfEach),
    attempts: attempts.filter(({ last }) => last >= from).slice(-keptOfEach),
    ...(refusal && refusal.at.wall >= from && { refusal }),
  };
}
