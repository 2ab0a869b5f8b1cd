import type { LockStore } from '../locks/lockStore';
import type { Leases } from '../leases/leases';
import type { OwnLocks } from '../leases/ownLocks';
import { isFailure, orElse, RemoteFailure } from '../model/failure';
import type { Claim, Lease } from '../model/lease';
import type { LockProviders } from '../model/lockProviders';
import type { Clock, LockRequest } from '../model/ports';
import { isWithin, serverOf, type ResourceId, type ServerId } from '../model/resource';
import type { Directory } from '../polling/directory';
import { maxScanMs } from './treeGuard';

export interface TreeLockDeps {
  readonly leases: Leases;
  readonly lockProviders: LockProviders;
  readonly store: LockStore;
  readonly ownLocks: OwnLocks;
  readonly directory: Directory;
  readonly clock: Pick<Clock, 'now'>;
  readonly lockRequest: (resource: ResourceId) => LockRequest;
}

const parallelLocks = 4;

/**
 * Where the server is not known to list locks, only a lock on a folder and all below it shows that nobody else
 * holds one there: some servers delete or move a folder with somebody's locked file in it.
 */
export class TreeLock {
  /** Servers that have refused a tree for a lock below it: there, a granted one proves that there is none. */
  private readonly checkBelow = new Set<ServerId>();

  constructor(private readonly deps: TreeLockDeps) {}

  /**
   * Runs the change under such a lock where one is needed. Our own locks below would be in its way: they are
   * released, and taken again if the change fails. Rejects with the refusal of the lock, or like the change.
   */
  async run<T>(folder: ResourceId, change: (tree: readonly Lease[]) => Promise<T>): Promise<T> {
    const { store } = this.deps;
    if (store.listingSupportOf(serverOf(folder)) === 'seen') return change([]);
    const isReported = store.isReportedWithin(folder);
    const released = await this.releaseWithin(folder);
    let tree: Lease | undefined;
    try {
      tree = await this.take(folder);
      if (tree && !(await this.isProof(folder, isReported))) {
        await this.release(tree);
        tree = undefined;
        await this.refuseLockedFiles(folder);
        tree = await this.take(folder);
      }
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

  /**
   * Whether the lock that was granted shows that there is no other: some servers grant it over somebody's. A server
   * that lists it would have listed the others too. `isReported`: whether every member's locks were reported before.
   */
  private async isProof(folder: ResourceId, isReported: boolean): Promise<boolean> {
    const { store, directory } = this.deps;
    const server = serverOf(folder);
    if (this.checkBelow.has(server)) return true;
    await directory.stat(folder, 0, { exact: true });
    return isReported && store.listingSupportOf(server) === 'seen';
  }

  /** Rejects with `locked` if somebody else holds the lock of a file below: none of them can be locked by us then. */
  private async refuseLockedFiles(folder: ResourceId): Promise<void> {
    const { store, directory, clock } = this.deps;
    const until = clock.now().mono + maxScanMs;
    const isFile = (id: ResourceId) => isWithin(id, folder) && directory.cached(id)?.kind === 'file';
    const files = [...store.resources()].filter(isFile);
    while (files.length > 0) {
      if (clock.now().mono > until) throw new RemoteFailure('timeout', { method: 'LOCK', resource: folder });
      await Promise.all(files.splice(0, parallelLocks).map((id) => this.lockBriefly(id)));
    }
  }

  private async lockBriefly(resource: ResourceId): Promise<void> {
    const { leases } = this.deps;
    if (leases.isLockUnsupported(resource)) return;
    const taken = await orElse(undefined, () => leases.take(resource, 'save'), 'unsupported', 'notFound');
    if (!taken) return;
    await Promise.allSettled([leases.drop(resource, 'save')]);
  }

  /** Undefined if nobody can hold a lock there, or the folder cannot be locked but every member listed its locks. */
  private async take(folder: ResourceId): Promise<Lease | undefined> {
    const { lockProviders, lockRequest, store, ownLocks } = this.deps;
    try {
      const wanted = { ...lockRequest(folder), depth: 'tree' as const };
      const lease = await lockProviders.of(folder).lock(folder, wanted);
      ownLocks.add(lease);
      return lease;
    } catch (error) {
      const isBelow = (root: ResourceId) => root !== folder && isWithin(root, folder);
      if (isFailure(error, 'locked') && error.facts.roots?.some(isBelow))
        this.checkBelow.add(serverOf(folder));
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
