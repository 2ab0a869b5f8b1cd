import type { LockStore } from '../locks/lockStore';
import type { Leases } from '../leases/leases';
import type { OwnLocks } from '../leases/ownLocks';
import { isFailure } from '../model/failure';
import type { Claim, Lease } from '../model/lease';
import type { LockProviders } from '../model/lockProviders';
import type { LockRequest } from '../model/ports';
import { serverOf, type ResourceId } from '../model/resource';

export interface TreeLockDeps {
  readonly leases: Leases;
  readonly lockProviders: LockProviders;
  readonly store: LockStore;
  readonly ownLocks: OwnLocks;
  readonly lockRequest: (resource: ResourceId) => LockRequest;
}

/**
 * Where the server is not known to list locks, only a lock on a folder and all below it shows that nobody else
 * holds one there: some servers delete or move a folder with somebody's locked file in it.
 */
export class TreeLock {
  constructor(private readonly deps: TreeLockDeps) {}

  /**
   * Runs the change under such a lock where one is needed. Our own locks below would be in its way: they are
   * released, and taken again if the change fails. Rejects with the refusal of the lock, or like the change.
   */
  async run<T>(folder: ResourceId, change: (tree: readonly Lease[]) => Promise<T>): Promise<T> {
    if (this.deps.store.listingSupportOf(serverOf(folder)) === 'seen') return change([]);
    const released = await this.releaseWithin(folder);
    let tree: Lease | undefined;
    try {
      tree = await this.take(folder);
      return await change(tree ? [tree] : []);
    } catch (error) {
      if (tree) await this.release(tree);
      tree = undefined;
      await this.takeAgain(released);
      throw error;
    } finally {
      if (tree) await this.release(tree);
    }
  }

  /** Undefined if nobody can hold a lock there, or the folder cannot be locked but every member told its locks. */
  private async take(folder: ResourceId): Promise<Lease | undefined> {
    const { lockProviders, lockRequest, store, ownLocks } = this.deps;
    try {
      const wanted = { ...lockRequest(folder), depth: 'tree' as const };
      const lease = await lockProviders.of(folder).lock(folder, wanted);
      ownLocks.add(lease);
      return lease;
    } catch (error) {
      if (isFailure(error, 'unsupported') && error.facts.code === undefined) return undefined;
      const isRefused = isFailure(error, 'serverFault', 'refused', 'forbidden', 'unsupported');
      if (isRefused && store.isReportedWithin(folder)) return undefined;
      throw error;
    }
  }

  /** A lock that stays ends by its timeout. */
  private async release(tree: Lease): Promise<void> {
    await Promise.allSettled([this.deps.lockProviders.of(tree.resource).release(tree)]);
    this.deps.ownLocks.delete(tree);
  }

  private async releaseWithin(folder: ResourceId): Promise<[ResourceId, readonly Claim[]][]> {
    const { leases } = this.deps;
    const held = leases.within(folder).map(({ resource }) => resource);
    const claims = held.map((id): [ResourceId, readonly Claim[]] => [id, [...leases.claimsOn(id)]]);
    await Promise.allSettled(held.map((id) => leases.release(id)));
    return claims;
  }

  private async takeAgain(released: readonly [ResourceId, readonly Claim[]][]): Promise<void> {
    const { leases } = this.deps;
    const all = released.flatMap(([id, claims]) => claims.map((claim) => leases.take(id, claim)));
    await Promise.allSettled(all);
  }
}
