import type { Claim } from '../model/lease';
import type { ResourceId } from '../model/resource';

/** Who wanted a lock that was lost, until it is taken again or given up. */
export class LostClaims {
  private readonly wanted = new Map<ResourceId, Set<Claim>>();

  /** Gives who wants it; what is dropped later leaves that set too. It speaks also for a loss before that is not settled. */
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

  /** True where it was the last. */
  drop(resource: ResourceId, claim: Claim): boolean {
    const claims = this.wanted.get(resource);
    if (!claims?.delete(claim) || claims.size > 0) return false;
    return this.wanted.delete(resource);
  }

  /** False where that was done before, where nobody wants it any more, or where another loss has come since. */
  settle(resource: ResourceId, claims: ReadonlySet<Claim>): boolean {
    return this.wanted.get(resource) === claims && this.wanted.delete(resource);
  }
}
