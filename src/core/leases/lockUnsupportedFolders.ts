import type { Clock } from '../model/ports';
import { parentOf, type ResourceId } from '../model/resource';

/** LOCK is tried again after this: server settings change, and a proxy's response may be temporary. */
const retryMs = 10 * 60_000;

/**
 * Folders where a LOCK was refused as an unknown method (405, 501). A server may allow locks in one folder only,
 * and two programs may share a host, so this says nothing about other folders.
 */
export class LockUnsupportedFolders {
  private readonly refusedAt = new Map<ResourceId, number>();

  constructor(private readonly clock: Clock) {}

  /** Whether a LOCK in this folder was refused recently. */
  includes(resource: ResourceId): boolean {
    const refusedAt = this.refusedAt.get(folderOf(resource));
    return refusedAt !== undefined && this.clock.now().mono - refusedAt < retryMs;
  }

  refused(resource: ResourceId): void {
    this.refusedAt.set(folderOf(resource), this.clock.now().mono);
  }

  granted(resource: ResourceId): void {
    this.refusedAt.delete(folderOf(resource));
  }
}

function folderOf(resource: ResourceId): ResourceId {
  return parentOf(resource) ?? resource;
}
