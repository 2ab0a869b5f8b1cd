import type { Stamp } from '../model/lock';
import { isWithin, isWithinAny, type ResourceId } from '../model/resource';

/** A request about one resource. */
export interface PendingStat {
  readonly resource: ResourceId;
  /** When it was sent: a lock that we take before the response arrives is newer than the response. */
  readonly at: Stamp;
  /** What it asks about was forgotten meanwhile. */
  isForgotten: boolean;
}

/** A listing from its request until the response is fully processed. */
export interface PendingListing {
  readonly folder: ResourceId;
  readonly at: Stamp;
  /** The members known before. */
  readonly before: readonly ResourceId[];
  /**
   * Members that we created, moved or deleted meanwhile: the response predates that and must not be cached as
   * complete.
   */
  readonly forgotten: Set<ResourceId>;
  /** Names that are missing by a response that came meanwhile. */
  readonly missing: Set<ResourceId>;
}

/** The requests under way, and the changes meanwhile that their responses may predate. */
export class PendingRequests {
  readonly stats = new Set<PendingStat>();
  readonly listings = new Set<PendingListing>();

  /** What is there was created, moved or deleted by us, or no longer exists. */
  forget(roots: ReadonlySet<ResourceId>): void {
    for (const stat of this.stats) stat.isForgotten ||= isWithinAny(stat.resource, roots);
    for (const root of roots) this.forgetMember(root);
  }

  /** A member was added to its folder or removed from it. */
  forgetMember(member: ResourceId): void {
    for (const { folder, forgotten } of this.listings)
      if (isWithin(member, folder) || isWithin(folder, member)) forgotten.add(member);
  }

  /** A response says that nothing is there. */
  noteMissing(resource: ResourceId): void {
    for (const stat of this.stats) stat.isForgotten ||= isWithin(stat.resource, resource);
    for (const { folder, forgotten, missing } of this.listings) {
      if (isWithin(folder, resource)) forgotten.add(resource);
      else if (isWithin(resource, folder)) missing.add(resource);
    }
  }
}
