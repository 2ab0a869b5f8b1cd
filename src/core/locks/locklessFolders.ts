import { isWithin, parentOf, type ResourceId } from '../model/resource';

/** Why a folder has no locks; false where it has. */
export type WhyLockless = 'noLocks' | 'notEnforced' | false;

/** Probed folders, and whether they have no locks; for everything below, the nearest one counts. */
export class LocklessFolders {
  private readonly known = new Map<ResourceId, WhyLockless>();

  why(resource: ResourceId): WhyLockless {
    if (this.known.size === 0) return false;
    for (let id: ResourceId | undefined = resource; id; id = parentOf(id)) {
      const why = this.known.get(id);
      if (why !== undefined) return why;
    }
    return false;
  }

  /** Returns false if that was known. */
  learn(folder: ResourceId, why: WhyLockless): boolean {
    if (this.known.get(folder) === why) return false;
    this.known.set(folder, why);
    return true;
  }

  /** There are locks after all. Returns false if that was known. */
  clear(resource: ResourceId): boolean {
    if (this.why(resource) === false) return false;
    for (const folder of this.known.keys()) if (isWithin(resource, folder)) this.known.delete(folder);
    return true;
  }
}
