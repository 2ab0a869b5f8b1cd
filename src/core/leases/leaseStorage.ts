import type { Claim, Lease } from '../model/lease';
import type { LockId } from '../model/lock';
import type { ResourceId } from '../model/resource';

/** A lease with its claims, as stored beyond the life of its window. */
export interface KeptLease {
  readonly lease: Lease;
  readonly claims: readonly Claim[];
}

/** Stores leases beyond the life of their window, for all windows of one user. Rejects with storage errors. */
export interface LeaseStorage {
  /** Replaces what this window stored before. */
  keep(leases: readonly KeptLease[]): Promise<void>;
  /** Leases of closed windows, which this window owns from now on. `here`: only of this workspace. */
  inherit(whose: 'here' | 'all'): Promise<readonly KeptLease[]>;
  /** The lease of another window of ours that still runs. */
  find(id: LockId): Promise<Lease | undefined>;
}

/** Leases of earlier runs, so that a resource need not be locked anew. */
export interface Inheritance {
  of(resource: ResourceId): Promise<KeptLease | undefined>;
  /** The lock is held again, or the server no longer knows it. */
  settled(lease: Lease): void;
}
