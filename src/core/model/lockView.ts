import type { Expiry, Lock, LockState, UnknownWhy } from './lock';
import type { LostWhy } from './evidence';
import type { ResourceId } from './resource';

/** The seven things that a person can be told about a resource's lock. */
export type LockViewState = 'free' | 'mine' | 'mineElsewhere' | 'other' | 'shared' | 'lost' | 'unknown';

/** A lock state as a person looks at it. */
export interface LockView {
  readonly state: LockViewState;
  /** The lock that matters most: ours, else the first that bars us. */
  readonly lock?: Lock;
  readonly locks: readonly Lock[];
  readonly why?: UnknownWhy;
  readonly lost?: LostWhy;
  /** Unix milliseconds of the answer that this rests on. */
  readonly asOf?: number;
}

export function lockView(state: LockState, lost?: LostWhy): LockView {
  const asOf = state.at === undefined ? {} : { asOf: state.at.wall };
  const locks = state.kind === 'locked' ? state.locks : [];
  const mine = locks.find((lock) => lock.holder.self === 'thisWindow');
  if (mine) return { state: 'mine', lock: mine, locks, ...asOf };
  if (lost) return { state: 'lost', lost, locks, ...(locks[0] && { lock: locks[0] }), ...asOf };
  const [first] = locks;
  if (first) return { state: wordOf(first), lock: first, locks, ...asOf };
  if (state.kind === 'unknown') return { state: 'unknown', why: state.why, locks, ...asOf };
  return { state: 'free', locks, ...asOf };
}

function wordOf(lock: Lock): LockViewState {
  if (lock.holder.self === 'elsewhere') return 'mineElsewhere';
  return lock.scope === 'shared' ? 'shared' : 'other';
}

/** Whether somebody's lock bars us from writing. */
export function blocksUs(view: LockView): boolean {
  return (
    view.state === 'other' ||
    view.state === 'mineElsewhere' ||
    view.state === 'shared' ||
    (view.state === 'lost' && view.locks.length > 0)
  );
}

/** Milliseconds until the expiry at the given monotonic time; undefined where none is known. */
export function remainingMs(expiry: Expiry, monoNow: number): number | undefined {
  return expiry.kind === 'at' ? Math.max(0, expiry.at.mono - monoNow) : undefined;
}

/** The folder of a tree lock that covers the resource from above. */
export function rootAbove(lock: Lock, resource: ResourceId): ResourceId | undefined {
  return lock.depth === 'tree' && lock.root !== undefined && lock.root !== resource ? lock.root : undefined;
}
