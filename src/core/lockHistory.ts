import { Emitter } from '../base/emitter';
import type { Lock, LockState } from './lock';
import { traced, type LockTrace } from './lockTrace';
import { isWithin, type ResourceId } from './resource';

/** Tries of ours to write or to lock, one after the other, that ended alike. */
export interface Try {
  /** Unix milliseconds on our clock: the first and the last of them. */
  readonly at: number;
  readonly last: number;
  readonly count: number;
  readonly method: string;
  /** Absent where no answer came. */
  readonly status?: number;
}

/** A change of what the server says about locks: each entry differs from the one before. */
export interface Turn {
  readonly at: number;
  readonly said: 'free' | 'locked' | 'unknown';
}

/** What has been seen of a resource's locks. Contains fingerprints, never tokens. */
export interface ResourceHistory {
  readonly traces: readonly LockTrace[];
  readonly turns: readonly Turn[];
  readonly tries: readonly Try[];
}

export const noHistory: ResourceHistory = { traces: [], turns: [], tries: [] };

// A day, and enough more to see that something lasted a whole one.
const keptMs = 25 * 3_600_000;
const keptOfEach = 20;
const keptResources = 300;

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

  /** Times on the server's clock need its distance from ours at the time of the look. */
  looked(resource: ResourceId, state: LockState, skewMs = 0): void {
    const before = this.known.get(resource);
    // Most files never meet a lock: they leave no history.
    if (!state.at || (!before && state.kind !== 'locked')) return;
    const { wall } = state.at;
    const said = state.kind === 'unlocked' ? 'free' : state.kind;
    const turns = before?.turns ?? [];
    const listed = state.kind === 'locked' ? state.locks : [];
    this.keep(resource, {
      tries: before?.tries ?? [],
      turns: turns.at(-1)?.said === said ? turns : [...turns, { at: wall, said }],
      traces: said === 'unknown' ? (before?.traces ?? []) : trace(before?.traces ?? [], listed, wall, skewMs),
    });
  }

  tried(resource: ResourceId, method: string, status: number | undefined, wall: number): void {
    const before = this.known.get(resource);
    // What succeeds where nothing was ever refused is no news.
    if (!before && (status === undefined || status < 400)) return;
    const { tries } = before ?? noHistory;
    const last = tries.at(-1);
    const alike = last?.method === method && last.status === status;
    const one: Try = alike
      ? { ...last, last: wall, count: last.count + 1 }
      : { at: wall, last: wall, count: 1, method, ...(status !== undefined && { status }) };
    this.keep(resource, { ...(before ?? noHistory), tries: [...(alike ? tries.slice(0, -1) : tries), one] });
  }

  forget(root: ResourceId): void {
    for (const id of [...this.known.keys()]) if (isWithin(id, root)) this.known.delete(id);
  }

  /** For keeping over a restart. */
  all(): readonly (readonly [ResourceId, ResourceHistory])[] {
    return [...this.known];
  }

  recall(all: readonly (readonly [ResourceId, ResourceHistory])[], nowWall: number): void {
    for (const [resource, history] of all) {
      const young = cut(history, nowWall);
      if (young.traces.length + young.turns.length + young.tries.length > 0) this.known.set(resource, young);
    }
  }

  dispose(): void {
    this.changed.dispose();
  }

  private keep(resource: ResourceId, history: ResourceHistory): void {
    const latest = Math.max(
      0,
      ...history.traces.map(({ lastSeen }) => lastSeen),
      ...history.turns.map(({ at }) => at),
      ...history.tries.map(({ last }) => last),
    );
    // Last touched, last in order: the oldest goes first.
    this.known.delete(resource);
    this.known.set(resource, cut(history, latest));
    const [oldest] = this.known.keys();
    if (this.known.size > keptResources && oldest !== undefined) this.known.delete(oldest);
    this.changed.fire(resource);
  }
}

function trace(
  traces: readonly LockTrace[],
  locks: readonly Lock[],
  wall: number,
  skewMs: number,
): LockTrace[] {
  const now = locks.map((lock) => traced(lock, wall, skewMs));
  const kept = traces.flatMap((old) => {
    if (old.ended !== undefined) return [old];
    const again = now.find(({ key }) => key === old.key);
    if (again) return [again.after(old)];
    // A refusal told of a lock before the listing told whose it is: that was no lock of its own.
    return isNameless(old) && now.length > 0 ? [] : [{ ...old, ended: wall }];
  });
  const standing = new Set(traces.filter(({ ended }) => ended === undefined).map(({ key }) => key));
  return [...kept, ...now.filter(({ key }) => !standing.has(key)).map(({ first }) => first)];
}

function isNameless({ byToken, assertedBy }: LockTrace): boolean {
  return !byToken && assertedBy === 'nobody';
}

function cut({ traces, turns, tries }: ResourceHistory, nowWall: number): ResourceHistory {
  const from = nowWall - keptMs;
  return {
    traces: traces.filter(({ lastSeen }) => lastSeen >= from).slice(-keptOfEach),
    turns: turns.filter((turn, index) => turn.at >= from || index === turns.length - 1).slice(-keptOfEach),
    tries: tries.filter(({ last }) => last >= from).slice(-keptOfEach),
  };
}
