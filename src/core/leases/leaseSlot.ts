import type { Disposable } from '../../base/disposable';
import type { LostWhy } from '../model/evidence';
import type { Claim, Lease } from '../model/lease';
import type { Lock, LockId, LockState, Stamp } from '../model/lock';
import type { Clock } from '../model/ports';

/** A lease and who wants it. Being taken and being let go are states with their promise, not flags. */
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
}

/** Why a lease was lost that the server does not know any more. */
export function lossOf(lease: Lease, clock: Clock): LostWhy {
  return lease.expiry.kind === 'at' && clock.now().mono >= lease.expiry.at.mono ? 'expired' : 'broken';
}

/** Whether the lock is among those known of a resource. */
export function shows(state: LockState, id: LockId): boolean {
  return state.kind === 'locked' && state.locks.some((lock) => lock.id === id);
}

/** Our own lock, as the store shows it. */
export function asLock(lease: Lease, since: Stamp): Lock {
  return {
    id: lease.id,
    scope: lease.scope,
    depth: lease.depth,
    root: lease.resource,
    holder: { contacts: [], assertedBy: 'server', self: 'thisWindow' },
    expiry: lease.expiry,
    since,
  };
}
