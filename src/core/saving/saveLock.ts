import type { Leases } from '../leases/leases';
import { isFailure, orElse } from '../model/failure';
import type { FilesOf } from '../model/ports';
import type { ResourceId } from '../model/resource';
import type { Directory } from '../polling/directory';

export interface SaveLockDeps {
  readonly leases: Leases;
  readonly filesOf: FilesOf;
  readonly directory: Directory;
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
  async tryTake(resource: ResourceId, options: { readonly mayCreate?: boolean } = {}): Promise<boolean> {
    if (!this.isPossible(resource)) return false;
    return (await orElse(undefined, () => this.deps.leases.take(resource, 'save', options))) !== undefined;
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
