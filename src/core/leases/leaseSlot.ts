import type { Disposable } from '../../base/disposable';
import type { LossReason } from '../model/evidence';
import type { RemoteFailure } from '../model/failure';
import type { Claim, Lease } from '../model/lease';
import type { Lock, LockId, LockState, Stamp } from '../model/lock';
import { isExpired } from './leaseTiming';

/** A lease and its claims. Locking and unlocking are states with a promise, not flags. */
export type Slot =
  | { readonly state: 'locking'; readonly claims: Set<Claim>; readonly lease: Promise<Lease> }
  | Held
  | { readonly state: 'unlocking'; readonly held: Held; readonly done: Promise<void> };

export interface Held {
  readonly state: 'held';
  readonly claims: Set<Claim>;
  readonly taken: Stamp;
  lease: Lease;
  timer: Disposable | undefined;
  failures: number;
  refreshing: Promise<void> | undefined;
  /** The failure of a release that the server may have done all the same, until it is known whether it did. */
  unconfirmed: RemoteFailure | undefined;
}

/** Why a lease that the server no longer knows was lost. */
export function lossReason(lease: Lease, now: Stamp): LossReason {
  return isExpired(lease, now) ? 'expired' : 'broken';
}

/** Whether the lock is among the known locks of a resource. */
export function listsLock(state: LockState, id: LockId): boolean {
  return state.kind === 'locked' && state.locks.some((lock) => lock.id === id);
}

/** Our own lock, in the form of the lock store. */
export function asLock(lease: Lease, since: Stamp): Lock {
  return {
    source: 'lease',
    id: lease.id,
    scope: lease.scope,
    depth: lease.depth,
    root: lease.resource,
    holder: { contacts: [], assertedBy: 'server', self: 'thisWindow' },
    expiry: lease.expiry,
    since,
  };
}
