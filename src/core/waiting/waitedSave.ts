import type { BlockedSaves } from '../saving/blockedSaves';
import { isFailure } from '../model/failure';
import type { Leases } from '../leases/leases';
import type { OpenDocuments } from '../leases/openDocuments';
import type { ResourceId } from '../model/resource';

export interface WaitedSaveDeps {
  readonly leases: Leases;
  readonly blockedSaves: BlockedSaves;
  readonly documents: OpenDocuments;
}

/** One attempt of a wait: takes the lock and saves the document. */
export class WaitedSave {
  constructor(private readonly deps: WaitedSaveDeps) {}

  /**
   * `conflict`: the server's content differs from the base version. `done`: nothing is left to save, for any reason.
   * Rejects with the failure of the lock or the save.
   */
  async run(resource: ResourceId, isWanted: () => boolean): Promise<'done' | 'closed' | 'conflict'> {
    const { documents, blockedSaves } = this.deps;
    await this.takeLock(resource);
    if (!isWanted()) return 'done';
    if (!documents.isOpen(resource)) return 'closed';
    const before = blockedSaves.of(resource);
    if (!documents.isDirty(resource) || (await documents.save(resource))) return 'done';
    const refused = blockedSaves.of(resource);
    // Refused before it reached us: the editor itself noticed that the content changed.
    if (refused === before || refused?.failure.kind === 'contentChanged') return 'conflict';
    throw refused?.failure ?? new Error('The document could not be saved.');
  }

  async releaseLock(resource: ResourceId): Promise<void> {
    try {
      await this.deps.leases.drop(resource, 'wait');
    } catch (error) {
      // The lease stays held and visible; the leases retry the release.
      if (!isFailure(error)) throw error;
    }
  }

  private async takeLock(resource: ResourceId): Promise<void> {
    const { leases } = this.deps;
    if (leases.isLockUnsupported(resource)) return;
    try {
      await leases.take(resource, 'wait');
    } catch (error) {
      // Without lock support there is nothing to take; the save itself decides.
      if (!isFailure(error, 'unsupported')) throw error;
    }
  }
}
