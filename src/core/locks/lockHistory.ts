import { defined } from '../../base/defined';
import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { isRefused, statusOf, type RecordedExchange } from './exchanges';
import type { Lock, LockState, Stamp } from '../model/lock';
import { isOurs } from '../model/lockView';
import type { LossReason } from '../model/evidence';
import { isListedLock, observe, type ObservedLock } from './observedLock';
import type { ResourceId } from '../model/resource';

/** Consecutive write or lock attempts with the same result. */
export interface WriteAttempt {
  /** Unix milliseconds on our clock: the first and the last of them. */
  readonly at: number;
  readonly last: number;
  readonly count: number;
  readonly method: string;
  /** Absent if there was no response. */
  readonly status?: number;
  /** Failed with a status that says otherwise, such as a sign-in page with 200. */
  readonly failed?: true;
}

export function hasSucceeded({ status = 0, failed }: WriteAttempt): boolean {
  return status >= 200 && status < 300 && !failed;
}

/** A change of the reported lock state: each entry differs from the one before. */
export interface StateChange {
  readonly at: number;
  readonly state: 'free' | 'locked' | 'unknown';
}

/** What was observed about a resource's locks. Contains fingerprints, never tokens. */
export interface ResourceHistory {
  readonly locks: readonly ObservedLock[];
  readonly changes: readonly StateChange[];
  readonly attempts: readonly WriteAttempt[];
  /** The latest attempt, if it was refused. One without a response does not replace a refusal. */
  readonly refusal?: RecordedExchange;
  /** Our lock was lost, and not taken again since. */
  readonly loss?: { readonly at: number; readonly why: LossReason };
}

const noHistory: ResourceHistory = { locks: [], changes: [], attempts: [] };

// A day plus an hour, to recognize a state that lasted a whole day.
const retentionMs = 25 * 3_600_000;
const maxEntries = 20;
const maxResources = 300;
/** Attempts further apart than this are separate: what happened between them is unknown. */
export const maxAttemptGapMs = 30 * 60_000;

/**
 * Records how locks were taken, refreshed and released on resources that had one. Keeps the last 20 entries of
 * each kind for 25 hours.
 */
export class LockHistory extends Owner {
  private readonly known = new Map<ResourceId, ResourceHistory>();
  private readonly changed = this.owned.add(new Emitter<ResourceId>());
  readonly onDidChange = this.changed.event;

  of(resource: ResourceId): ResourceHistory {
    return this.known.get(resource) ?? noHistory;
  }

  /** Whether there was ever a lock or a refusal. */
  has(resource: ResourceId): boolean {
    return this.known.has(resource);
  }

  /** `skewMs` converts to the server's clock, as measured at this observation; absent if unknown. */
  observed(resource: ResourceId, state: LockState, skewMs?: number): void {
    const before = this.known.get(resource);
    // Most files are never locked and need no history.
    if (!state.at || (!before && state.kind !== 'locked')) return;
    const { wall } = state.at;
    const listedAs = state.kind === 'unlocked' ? 'free' : state.kind;
    const changes = before?.changes ?? [];
    const listed = state.kind === 'locked' ? state.locks : [];
    const { loss, ...earlier } = before ?? noHistory;
    const isHeld = listed.some(isOurs);
    this.keep(resource, {
      ...earlier,
      ...(loss && !isHeld && { loss }),
      changes: changes.at(-1)?.state === listedAs ? changes : [...changes, { at: wall, state: listedAs }],
      locks:
        listedAs === 'unknown'
          ? (before?.locks ?? [])
          : observeAll(before?.locks ?? [], listed, wall, skewMs),
    });
  }

  /** A lock of ours was lost. */
  lost(resource: ResourceId, why: LossReason, at: number): void {
    this.keep(resource, { ...this.of(resource), loss: { at, why } });
  }

  /** `hasFailed` also for a save that failed although the answer has a good status, or before it wrote. */
  attempted(exchange: RecordedExchange, hasFailed = isRefused(exchange)): void {
    const { resource, method, at } = exchange;
    const { wall } = at;
    const known = this.known.get(resource);
    if (exchange.failure?.startsWith('canceled')) return;
    const status = statusOf(exchange);
    // A success is relevant only after a refusal.
    if (!known && !hasFailed && status !== undefined) return;
    const { refusal, loss, ...before } = known ?? noHistory;
    const { attempts } = before;
    const isGood = status !== undefined && status < 400;
    const failed = hasFailed && isGood ? true : undefined;
    const last = attempts.at(-1);
    const isSame =
      last?.method === method &&
      last.status === status &&
      last.failed === failed &&
      wall - last.last <= maxAttemptGapMs;
    const one: WriteAttempt = isSame
      ? { ...last, last: wall, count: last.count + 1 }
      : {
          at: wall,
          last: wall,
          count: 1,
          method,
          ...defined({ status, failed }),
        };
    const standing = hasFailed ? exchange : status === undefined ? (refusal ?? exchange) : undefined;
    this.keep(resource, {
      ...before,
      attempts: [...(isSame ? attempts.slice(0, -1) : attempts), one],
      ...(standing && { refusal: standing }),
      // Whoever saves without the lock no longer needs it.
      ...(loss && (hasFailed || status === undefined) && { loss }),
    });
  }

  /** For storage across restarts, without the excerpts of refusal bodies. */
  all(): readonly (readonly [ResourceId, ResourceHistory])[] {
    return [...this.known].map(([resource, history]) => [resource, withoutExcerpt(history)] as const);
  }

  /** Restores an earlier run's history; its monotonic clock was a different one. */
  restore(all: readonly (readonly [ResourceId, ResourceHistory])[], now: Stamp): void {
    for (const [resource, kept] of all) {
      const { refusal } = kept;
      const at = refusal && { ...refusal.at, mono: now.mono + refusal.at.wall - now.wall };
      const history = at ? { ...kept, refusal: { ...refusal, at } } : kept;
      const recent = trimmed(history, now.wall);
      if (recent.locks.length + recent.changes.length + recent.attempts.length > 0)
        this.known.set(resource, recent);
    }
  }

  private keep(resource: ResourceId, history: ResourceHistory): void {
    const latest = Math.max(
      0,
      ...history.locks.map(({ lastSeen }) => lastSeen),
      ...history.changes.map(({ at }) => at),
      ...history.attempts.map(({ last }) => last),
      history.loss?.at ?? 0,
    );
    // Reinsert at the end, so that the least recently updated resource is dropped first.
    this.known.delete(resource);
    this.known.set(resource, trimmed(history, latest));
    const [oldest] = this.known.keys();
    if (this.known.size > maxResources && oldest !== undefined) this.known.delete(oldest);
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
  // A refusal tells of one lock and of no other's end.
  const isListing = now.length === 0 || now.some(({ first }) => isListedLock(first));
  const kept = before.flatMap((old) => {
    if (old.ended !== undefined) return [old];
    const again = now.find(({ key }) => key === old.key);
    if (again) return [again.after(old)];
    // A refusal reported this lock before a listing named its holder: not a separate lock.
    if (isNameless(old) && now.length > 0) return [];
    return [isListing ? { ...old, ended: wall } : old];
  });
  const standing = new Set(before.filter(({ ended }) => ended === undefined).map(({ key }) => key));
  return [...kept, ...now.filter(({ key }) => !standing.has(key)).map(({ first }) => first)];
}

function isNameless(observed: ObservedLock): boolean {
  return observed.assertedBy === 'nobody' && !isListedLock(observed);
}

function withoutExcerpt({ refusal, ...history }: ResourceHistory): ResourceHistory {
  const withoutBody = ({ excerpt: _, ...refusal }: RecordedExchange) => refusal;
  return { ...history, ...(refusal && { refusal: withoutBody(refusal) }) };
}

function trimmed(
  { locks, changes, attempts, refusal, loss }: ResourceHistory,
  nowWall: number,
): ResourceHistory {
  const from = nowWall - retentionMs;
  return {
    locks: locks.filter(({ lastSeen }) => lastSeen >= from).slice(-maxEntries),
    changes: changes
      .filter((change, index) => change.at >= from || index === changes.length - 1)
      .slice(-maxEntries),
    attempts: attempts.filter(({ last }) => last >= from).slice(-maxEntries),
    ...(refusal && refusal.at.wall >= from && { refusal }),
    ...(loss && loss.at >= from && { loss }),
  };
}
