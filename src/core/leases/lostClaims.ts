import type { Claim } from '../model/lease';
import { isWithin, type ResourceId } from '../model/resource';

/** Claims on lost locks, until the lock is taken again or given up. */
export class LostClaims {
  private readonly wanted = new Map<ResourceId, Set<Claim>>();

  /**
   * Returns the live claims, including those of an earlier unsettled loss; claims dropped later leave this set
   * too.
   */
  lost(resource: ResourceId, claims: ReadonlySet<Claim>): ReadonlySet<Claim> {
    const before = this.wanted.get(resource);
    const all = new Set([...(before ?? []), ...claims]);
    before?.clear();
    if (all.size > 0) this.wanted.set(resource, all);
    return all;
  }

  has(resource: ResourceId, claim: Claim): boolean {
    return this.wanted.get(resource)?.has(claim) === true;
  }

  /** Returns true if this was the last claim. */
  drop(resource: ResourceId, claim: Claim): boolean {
    const claims = this.wanted.get(resource);
    if (!claims?.delete(claim) || claims.size > 0) return false;
    return this.wanted.delete(resource);
  }

  /** Nothing within `root` exists any more under its name: nobody takes a lock there again. */
  forget(root: ResourceId): void {
    for (const [resource, claims] of [...this.wanted]) {
      if (!isWithin(resource, root)) continue;
      claims.clear();
      this.wanted.delete(resource);
    }
  }

  /** Returns false if it was settled before, no claim is left, or the lock was lost again since. */
  settle(resource: ResourceId, claims: ReadonlySet<Claim>): boolean {
    return this.wanted.get(resource) === claims && this.wanted.delete(resource);
  }
}
