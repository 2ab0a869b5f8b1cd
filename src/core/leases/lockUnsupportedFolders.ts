import type { Clock } from '../model/ports';
import { parentOf, type ResourceId } from '../model/resource';

/** A server's settings change, and a proxy's answer passes: then a LOCK is tried once more. */
const askAgainMs = 10 * 60_000;

/**
 * Folders in which a LOCK was answered as a method that nobody knows (405, 501). A server may allow locks in one place
 * and not in another, and two programs may share a host: so it says nothing of any other folder.
 */
export class LockUnsupportedFolders {
  private readonly told = new Map<ResourceId, number>();

  constructor(private readonly clock: Clock) {}

  /** Whether a LOCK on the resource would lately have been in vain. */
  hold(resource: ResourceId): boolean {
    const told = this.told.get(folderOf(resource));
    return told !== undefined && this.clock.now().mono - told < askAgainMs;
  }

  refused(resource: ResourceId): void {
    this.told.set(folderOf(resource), this.clock.now().mono);
  }

  granted(resource: ResourceId): void {
    this.told.delete(folderOf(resource));
  }
}

function folderOf(resource: ResourceId): ResourceId {
  return parentOf(resource) ?? resource;
}
