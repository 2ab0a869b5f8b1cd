import type { Claim, Lease } from '../model/lease';
import type { LockId } from '../model/lock';
import type { ResourceId } from '../model/resource';

/** A lease as it is kept over the end of its window, with who wanted it. */
export interface KeptLease {
  readonly lease: Lease;
  readonly claims: readonly Claim[];
}

/** Where leases outlive their window. Several windows of one person share it. Its methods reject with what storage says. */
export interface LeaseStorage {
  /** What this window holds now, instead of what it held before. */
  keep(leases: readonly KeptLease[]): Promise<void>;
  /** Leases of windows that are gone; from now on they are this window's to keep. `here`: only of this workspace. */
  inherit(whose: 'here' | 'all'): Promise<readonly KeptLease[]>;
  /** The lease of another window of ours that is still there. */
  find(id: LockId): Promise<Lease | undefined>;
}

/** A lease of an earlier run, for who would have to lock the resource anew otherwise. */
export interface Inheritance {
  of(resource: ResourceId): Promise<KeptLease | undefined>;
  /** It is held again, or the server knows it no more. */
  settled(lease: Lease): void;
}
