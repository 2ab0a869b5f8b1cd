import type { Directory, Shown } from '../polling/directory';
import { verifyExpired } from '../leases/verifyExpired';
import { isFailure } from '../model/failure';
import type { Claim, Lease } from '../model/lease';
import type { Leases } from '../leases/leases';
import type { LockStore } from '../locks/lockStore';
import type { Clock, EntryRef, ServerOf } from '../model/ports';
import type { ResourceId } from '../model/resource';
import type { BaseVersions } from './baseVersions';
import { compareVersions } from '../model/version';
import { lookThroughTree, type Barred } from './treeGuard';

export interface RelocationDeps {
  readonly serverOf: ServerOf;
  readonly directory: Directory;
  readonly store: LockStore;
  readonly leases: Leases;
  readonly baseVersions: BaseVersions;
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

/** Our locks, as a change submits them. */
interface LeaseGuard {
  readonly leases: readonly Lease[];
}

interface Sending {
  readonly request: (guard: LeaseGuard) => Promise<void>;
  /** What it changes: our locks there are submitted. */
  readonly under: readonly ResourceId[];
  /** Where no lock of others may be. */
  readonly barring: readonly ResourceId[];
  /** Where we held locks when it began. */
  readonly held: ReadonlySet<ResourceId>;
  /** Looks whether it was done, where no answer says so. May reject with a RemoteFailure. */
  readonly isDone: () => Promise<boolean>;
}

/** A lock that was lost may just be taken again, so that the second try fails for it. */
const mostTries = 3;

/** Moves, copies and deletes files and folders so that nobody's locked file goes with them, and our locks follow. */
export class Relocation {
  constructor(private readonly deps: RelocationDeps) {}

  /** Rejects with a RemoteFailure or a {@link TreeBarred}. */
  async remove(resource: ResourceId): Promise<void> {
    const held = new Set(this.claimsWithin(resource).keys());
    const entry = await this.entry(resource);
    await this.deps.leases.settledWithin(resource);
    await this.send({
      request: (guard) => this.deps.serverOf(resource).remove(entry, guard),
      under: [resource],
      barring: [resource],
      held,
      isDone: async () => !(await this.there(resource)),
    });
    this.forget(resource);
  }

  /** Rejects with a RemoteFailure or a {@link TreeBarred}; never for a lock that did not follow. */
  async transfer({ how, from, to, overwrite }: Transfer): Promise<void> {
    const { deps } = this;
    const isMove = how === 'move';
    // Who wants a lock that the server has forgotten wants it all the same: one look, and it is known to be lost.
    const wanted = this.claimsWithin(from);
    const overwritten = this.claimsWithin(to);
    const entry = await this.entry(from);
    const source = deps.directory.recall(from);
    const replaced = overwrite && (await this.mayExist(to)) ? [to] : [];
    const before = deps.directory.recall(to);
    // A lock on its way would else stand on what is gone.
    await deps.leases.settledWithin(from);
    const followers = isMove ? new Map([...wanted, ...this.claimsWithin(from)]) : [];
    // That a file is gone does not say that it has gone where we sent it.
    const isMoved = async () => !(await this.there(from)) && isNow(source, await this.there(to), before);
    await this.send({
      request: (guard) => deps.serverOf(from)[how](entry, { resource: to, overwrite }, guard),
      under: [from, to],
      barring: isMove ? [from, ...replaced] : replaced,
      held: new Set([...wanted.keys(), ...overwritten.keys()]),
      isDone: isMove ? isMoved : () => Promise.resolve(false),
    });
    if (isMove) {
      // Before the old names are forgotten: unsaved text goes along with its file.
      deps.baseVersions.moved(from, to);
      this.forget(from);
    }
    deps.directory.forget(to);
    // RFC 4918 section 7.6: a lock does not go along with what it locked.
    for (const [resource, claims] of followers)
      await this.retake((to + resource.slice(from.length)) as ResourceId, claims);
  }

  /** Every lock of ours that a change here needs: over it, on it and below it. */
  guardFor(...resources: readonly ResourceId[]): LeaseGuard {
    const { leases } = this.deps;
    const all = resources.flatMap((id) => [...leases.covering(id), ...leases.within(id)]);
    return { leases: [...new Set(all)] };
  }

  private async refuseBarred(root: ResourceId): Promise<void> {
    const { barred, complete } = await lookThroughTree(this.deps, root);
    if (barred.length > 0 || !complete) throw new TreeBarred(root, barred, complete);
  }

  /**
   * Sends it where no lock of others is in the way. A refusal may mean that our own locks are not what we thought: the
   * server is asked about them, and it is sent again where that is so.
   */
  private async send({ request, under, barring, held, isDone }: Sending): Promise<void> {
    const { leases, directory } = this.deps;
    for (let tries = 1; ; tries += 1) {
      await verifyExpired(leases, this.guardFor(...under).leases);
      const guard = this.guardFor(...under);
      try {
        for (const root of barring) await this.refuseBarred(root);
        return await request(guard);
      } catch (error) {
        if (isFailure(error) && error.facts.maybeDone === true && (await this.isSurely(isDone))) return;
        for (const id of under) directory.forget(id);
        if (tries === mostTries || !contradicts(error, held)) throw error;
        for (const lease of guard.leases) await leases.verify(lease);
        if (!(await this.haveChanged(guard, under)) && !(error instanceof TreeBarred)) throw error;
      }
    }
  }

  /** Whether our locks are others than those that were sent. */
  private async haveChanged(sent: LeaseGuard, under: readonly ResourceId[]): Promise<boolean> {
    const { leases } = this.deps;
    // Who looks after lost locks may be taking one again.
    await Promise.all(under.map((id) => leases.settledWithin(id)));
    const now = new Set(this.guardFor(...under).leases.map(({ id }) => id));
    return now.size !== sent.leases.length || sent.leases.some(({ id }) => !now.has(id));
  }

  private async isSurely(isDone: () => Promise<boolean>): Promise<boolean> {
    try {
      return await isDone();
    } catch (error) {
      if (isFailure(error)) return false;
      throw error;
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

  private claimsWithin(root: ResourceId): Map<ResourceId, ReadonlySet<Claim>> {
    const { leases } = this.deps;
    return new Map(leases.within(root).map(({ resource }) => [resource, new Set(leases.claimsOn(resource))]));
  }

  private async entry(resource: ResourceId): Promise<EntryRef> {
    return { resource, kind: (await this.deps.directory.stat(resource, 0)).kind };
  }

  /** Undefined where there is nothing. Rejects with a RemoteFailure where that cannot be asked. */
  private async there(resource: ResourceId): Promise<Shown | undefined> {
    try {
      return await this.deps.directory.stat(resource, 0, { exact: true });
    } catch (error) {
      if (isFailure(error, 'notFound')) return undefined;
      throw error;
    }
  }

  /** Also where it cannot be asked. */
  private async mayExist(resource: ResourceId): Promise<boolean> {
    try {
      return (await this.there(resource)) !== undefined;
    } catch (error) {
      if (isFailure(error)) return true;
      throw error;
    }
  }

  private forget(resource: ResourceId): void {
    const { leases, baseVersions, directory, store } = this.deps;
    leases.forget(resource);
    baseVersions.forget(resource);
    directory.forget(resource);
    store.apply({ kind: 'gone', resources: [resource] });
  }
}

/** Whether what the server said does not go with the locks that we held. */
function contradicts(error: unknown, held: ReadonlySet<ResourceId>): boolean {
  if (error instanceof TreeBarred) return error.barred.some(({ resource }) => held.has(resource));
  return isFailure(error, 'locked', 'preconditionFailed');
}

/** Whether it is the source that is there now: of its kind and, for a file, as long; and not what was there before. */
function isNow(source: Shown | undefined, now: Shown | undefined, before: Shown | undefined): boolean {
  if (!now || now.kind !== source?.kind) return false;
  if (before && compareVersions(before.version, now.version) === 'same') return false;
  return now.kind === 'collection' || now.size === source.size;
}
