import type { Leases } from '../leases/leases';
import { isFailure } from '../model/failure';
import type { FilesOf } from '../model/ports';
import type { LockStore } from '../locks/lockStore';
import type { Lease } from '../model/lease';
import { serverOf, type ResourceId } from '../model/resource';
import type { TakeOptions } from '../leases/lockAcquisition';
import type { Directory } from '../polling/directory';
import type { RemoteStat } from '../polling/remoteStat';

export interface SaveLockDeps {
  readonly leases: Leases;
  readonly filesOf: FilesOf;
  readonly directory: Directory;
  readonly store: LockStore;
}

/** Whether a lock was taken, and what a look has shown under it. */
export interface Taken {
  readonly isTaken: boolean;
  readonly seen?: RemoteStat;
}

/** The lock held for one save: it keeps others from writing between a check and our write. */
export class SaveLock {
  constructor(private readonly deps: SaveLockDeps) {}

  /** Whether the server may lock the file for us, and no lock of ours protects it yet. */
  isPossible(resource: ResourceId): boolean {
    const { leases } = this.deps;
    return leases.covering(resource).length === 0 && !leases.isLockUnsupported(resource);
  }

  /** Rejects with a RemoteFailure. */
  async take(resource: ResourceId): Promise<void> {
    await this.deps.leases.take(resource, 'save');
  }

  /**
   * Takes the lock if possible. A refusal is left to the write: it shows whether the lock of somebody else is in
   * the way.
   */
  async tryTake(resource: ResourceId, options: Pick<TakeOptions, 'mayCreate'> = {}): Promise<Taken> {
    if (!this.isPossible(resource)) return { isTaken: false };
    let seen: RemoteStat | undefined;
    try {
      // The version is checked again under the lock: a look may bring it together with that.
      const looksBehind = options.mayCreate !== true;
      await this.deps.leases.take(resource, 'save', {
        ...options,
        looksBehind,
        onSeen: (stat) => (seen = stat),
      });
    } catch (error) {
      if (!isFailure(error)) throw error;
      return { isTaken: false };
    }
    // A tag that only a HEAD tells is asked for.
    return { isTaken: true, ...(seen?.version.etag && { seen }) };
  }

  /** Locks that we submitted and that the server no longer lists are lost. */
  declareUnlistedLost(resource: ResourceId, submitted: readonly Lease[]): void {
    const { store, leases } = this.deps;
    const state = store.stateOf(resource);
    const listed = state.kind === 'locked' ? state.locks : [];
    if (store.listingSupportOf(serverOf(resource)) !== 'seen') return;
    for (const lease of submitted) {
      if (listed.some((lock) => lock.id === lease.id)) continue;
      leases.declareLost(lease, listed.length > 0 ? 'taken' : 'unknown');
    }
  }

  /** Our lock ended with its file, except where it outlives the file: then it would block the file's new name. */
  async endWithFile(resource: ResourceId): Promise<void> {
    const { leases } = this.deps;
    if (leases.of(resource)) await Promise.allSettled([leases.release(resource)]);
    leases.forget(resource);
  }

  /** Deletes the empty file that locking a free name has made, if nobody has written to it. Never rejects. */
  async removeCreated(resource: ResourceId): Promise<void> {
    const { leases, filesOf, directory } = this.deps;
    const held = leases.covering(resource);
    if (held.length === 0) return;
    try {
      const { kind, version } = await directory.stat(resource, 0, { exact: true });
      if (kind === 'file' && version.size === 0)
        await filesOf(resource).remove({ resource, kind }, { leases: held });
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
    directory.forget(resource);
  }

  /**
   * Drops a lock taken only for this save, even if it is lost and about to be retaken. Not awaited: the outcome of
   * the save is settled, and the leases retry by themselves.
   */
  drop(resource: ResourceId): void {
    const { leases } = this.deps;
    if (leases.isClaimed(resource, 'save')) void Promise.allSettled([leases.drop(resource, 'save')]);
  }
}
