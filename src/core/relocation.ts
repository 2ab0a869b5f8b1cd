import type { Directory } from './directory';
import { isFailure, RemoteFailure } from './failure';
import type { Claim, Lease } from './lease';
import type { Leases } from './leases';
import type { LockStore } from './lockStore';
import type { Clock, EntryRef, ServerOf } from './ports';
import type { ResourceId } from './resource';
import type { SeenVersions } from './seenVersions';
import { lookThroughTree, type Barred } from './treeGuard';

export interface RelocationDeps {
  readonly serverOf: ServerOf;
  readonly directory: Directory;
  readonly store: LockStore;
  readonly leases: Leases;
  readonly seen: SeenVersions;
  readonly clock: Pick<Clock, 'now'>;
  /** A lock that could not be taken again under the new name: the move itself is done. */
  readonly onRetakeFailed: (resource: ResourceId, error: unknown) => void;
  /** A lock is held under a new name, whether or not somebody has the file open there. */
  readonly onRetaken: (resource: ResourceId) => void;
}

/** Others hold locks in what was to be moved or deleted; nothing was sent. */
export class TreeBarred extends Error {
  override readonly name = 'TreeBarred';

  constructor(
    readonly root: ResourceId,
    readonly barred: readonly Barred[],
    /** False where there was no time to look at all of a very large folder. */
    readonly complete: boolean,
  ) {
    super(`${barred.length} locks of others in ${root}`);
  }
}

export interface Transfer {
  readonly how: 'move' | 'copy';
  readonly from: ResourceId;
  readonly to: ResourceId;
  readonly overwrite: boolean;
}

/** Moves, copies and deletes files and folders so that nobody's locked file goes with them, and our locks follow. */
export class Relocation {
  constructor(private readonly deps: RelocationDeps) {}

  /** Rejects with a RemoteFailure or a {@link TreeBarred}. */
  async remove(resource: ResourceId): Promise<void> {
    const entry = await this.entry(resource);
    await this.refuseBarred(resource);
    await this.deps.leases.settledWithin(resource);
    await this.send(resource, () => this.deps.serverOf(resource).remove(entry, this.guardFor(resource)));
    this.forget(resource);
  }

  /** Rejects with a RemoteFailure or a {@link TreeBarred}; never for a lock that did not follow. */
  async transfer({ how, from, to, overwrite }: Transfer): Promise<void> {
    const { deps } = this;
    const entry = await this.entry(from);
    if (how === 'move') await this.refuseBarred(from);
    if (overwrite && (await this.exists(to))) await this.refuseBarred(to);
    // A lock on its way would else stand on what is gone.
    await deps.leases.settledWithin(from);
    const followers = how === 'move' ? this.claimsWithin(from) : [];
    const guard = this.guardFor(from, to);
    await this.send(how === 'move' ? from : undefined, () =>
      deps.serverOf(from)[how](entry, { resource: to, overwrite }, guard),
    );
    if (how === 'move') this.forget(from);
    deps.directory.forget(to);
    // RFC 4918 section 7.6: a lock does not go along with what it locked.
    for (const { resource, claims } of followers)
      await this.retake((to + resource.slice(from.length)) as ResourceId, claims);
  }

  /** Every lock of ours that a change here needs: over it, on it and below it. */
  guardFor(...resources: readonly ResourceId[]): { leases: Lease[] } {
    const { leases } = this.deps;
    const all = resources.flatMap((id) => [...leases.covering(id), ...leases.within(id)]);
    return { leases: [...new Set(all)] };
  }

  private async refuseBarred(root: ResourceId): Promise<void> {
    const { barred, complete } = await lookThroughTree(this.deps, root);
    if (barred.length > 0 || !complete) throw new TreeBarred(root, barred, complete);
  }

  /** `leaves`: what is not there any more when it is done; that tells where no answer did. */
  private async send(leaves: ResourceId | undefined, request: () => Promise<void>): Promise<void> {
    try {
      await request();
    } catch (error) {
      if (!isFailure(error)) throw error;
      const isDone = error.facts.maybeDone === true && leaves !== undefined && !(await this.exists(leaves));
      if (!isDone) {
        if (leaves) this.deps.directory.forget(leaves);
        throw error;
      }
    }
  }

  private async retake(resource: ResourceId, claims: ReadonlySet<Claim>): Promise<void> {
    try {
      for (const claim of claims) await this.deps.leases.take(resource, claim);
      this.deps.onRetaken(resource);
    } catch (error) {
      this.deps.onRetakeFailed(resource, error);
    }
  }

  private claimsWithin(root: ResourceId) {
    const { leases } = this.deps;
    return leases
      .within(root)
      .map(({ resource }) => ({ resource, claims: new Set(leases.claimsOn(resource)) }));
  }

  private async entry(resource: ResourceId): Promise<EntryRef> {
    return { resource, kind: (await this.deps.directory.stat(resource, 0)).kind };
  }

  private async exists(resource: ResourceId): Promise<boolean> {
    try {
      await this.deps.directory.stat(resource, 0, { exact: true });
      return true;
    } catch (error) {
      if (isFailure(error, 'notFound')) return false;
      if (error instanceof RemoteFailure) return true;
      throw error;
    }
  }

  private forget(resource: ResourceId): void {
    const { leases, seen, directory, store } = this.deps;
    leases.forget(resource);
    seen.forget(resource);
    directory.forget(resource);
    store.apply({ kind: 'gone', resources: [resource] });
  }
}
