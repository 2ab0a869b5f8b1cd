import type { Expiry, Lock, LockState, UnknownReason } from './lock';
import type { LossReason } from './evidence';
import type { ResourceId } from './resource';

/** The seven lock states that users see. */
export type LockViewState = 'free' | 'mine' | 'mineElsewhere' | 'other' | 'shared' | 'lost' | 'unknown';

/** A lock state as shown to users. */
export interface LockView {
  readonly state: LockViewState;
  /** The most important lock: ours, else the first that blocks us. */
  readonly lock?: Lock;
  readonly locks: readonly Lock[];
  readonly why?: UnknownReason;
  readonly lost?: LossReason;
  /** Unix milliseconds of the response that this is based on. */
  readonly asOf?: number;
}

export function lockView(state: LockState, lost?: LossReason): LockView {
  const asOf = state.at === undefined ? {} : { asOf: state.at.wall };
  const locks = state.kind === 'locked' ? state.locks : [];
  const mine = locks.find(isOurs);
  if (mine) return { state: 'mine', lock: mine, locks, ...asOf };
  if (lost) return { state: 'lost', lost, locks, ...(locks[0] && { lock: locks[0] }), ...asOf };
  const [first] = locks;
  if (first) return { state: viewStateOf(first), lock: first, locks, ...asOf };
  if (state.kind === 'unknown') return { state: 'unknown', why: state.why, locks, ...asOf };
  return { state: 'free', locks, ...asOf };
}

/** Whether this window holds it. */
export function isOurs({ holder }: Lock): boolean {
  return holder.self === 'thisWindow';
}

function viewStateOf(lock: Lock): LockViewState {
  if (lock.holder.self === 'elsewhere') return 'mineElsewhere';
  return lock.scope === 'shared' ? 'shared' : 'other';
}

/** Whether somebody's lock blocks us from writing. */
export function blocksUs(view: LockView): boolean {
  return (
    view.state === 'other' ||
    view.state === 'mineElsewhere' ||
    view.state === 'shared' ||
    (view.state === 'lost' && view.locks.length > 0)
  );
}

/** Milliseconds until the expiry at the given monotonic time; undefined if no expiry is known. */
export function remainingMs(expiry: Expiry, monoNow: number): number | undefined {
  return expiry.kind === 'at' ? Math.max(0, expiry.at.mono - monoNow) : undefined;
}

/** The lock root of a tree lock on a folder above the resource. */
export function rootAbove(lock: Lock, resource: ResourceId): ResourceId | undefined {
  return lock.depth === 'tree' && lock.root !== undefined && lock.root !== resource ? lock.root : undefined;
}
