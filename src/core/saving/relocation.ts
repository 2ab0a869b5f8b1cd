import type { Directory } from '../polling/directory';
import type { RemoteStat } from '../polling/remoteStat';
import { statIfExists } from '../polling/statIfExists';
import { verifyExpired } from '../leases/verifyExpired';
import { isFailure, orElse } from '../model/failure';
import type { Claim, Lease } from '../model/lease';
import type { Clock, EntryRef, FilesOf } from '../model/ports';
import { isWithin, type ResourceId } from '../model/resource';
import type { BaseVersions } from './baseVersions';
import { compareVersions, type Version } from '../model/version';
import { scanTree, type BlockingLock } from './treeGuard';
import { TreeLock, type TreeLockDeps } from './treeLock';

export interface RelocationDeps extends TreeLockDeps {
  readonly filesOf: FilesOf;
  readonly directory: Directory;
  readonly baseVersions: BaseVersions;
  readonly clock: Pick<Clock, 'now'>;
  /** A lock could not be taken again under the new name; the move itself is done. */
  readonly onRetakeFailed: (resource: ResourceId, error: unknown) => void;
  /** A lock is held under the new name, whether or not a document is open there. */
  readonly onRetaken: (resource: ResourceId) => void;
}

/** Others hold locks in what was to be moved or deleted; nothing was sent. */
export class TreeLocked extends Error {
  override readonly name = 'TreeLocked';

  constructor(
    readonly root: ResourceId,
    readonly blockingLocks: readonly BlockingLock[],
    /** False if time ran out before all of a very large folder was checked. */
    readonly complete: boolean,
  ) {
    super(`${blockingLocks.length} locks of others in ${root}`);
  }
}

export interface Transfer {
  readonly how: 'move' | 'copy';
  readonly from: ResourceId;
  readonly to: ResourceId;
  readonly overwrite: boolean;
}

/** What has to be so still when the request that deletes is sent. */
export interface RemoveCondition {
  /** The version that is deleted, for a file; no other is, where the server checks it. */
  readonly replaces?: Version;
  /** Called under the locks that the change needs, just before it is sent; a rejection prevents it. */
  readonly confirm?: () => Promise<void>;
}

interface UnderWay {
  readonly roots: readonly ResourceId[];
  readonly done: Promise<void>;
}

/** Our locks that a request submits. */
interface LeaseGuard {
  readonly leases: readonly Lease[];
}

interface ChangeRequest {
  readonly request: (guard: LeaseGuard) => Promise<void>;
  /** Resources that it changes: our locks there are submitted. */
  readonly changed: readonly ResourceId[];
  /** Resources where others may hold no lock. */
  readonly mustBeUnlocked: readonly ResourceId[];
  /** Resources on which we held locks at the start. */
  readonly held: ReadonlySet<ResourceId>;
  /** Checks whether it was done, if no response says so. May reject with a RemoteFailure. */
  readonly isDone: () => Promise<boolean>;
}

/** A save or a wait ends under the old name, and nobody would drop its claim on the new one. */
const lastingClaims: ReadonlySet<Claim> = new Set<Claim>(['edit', 'hand']);

/** A lost lock may just be being retaken, so that the second attempt fails too. */
const mostTries = 3;

/** Moves, copies and deletes files and folders without taking others' locked files along; our locks follow. */
export class Relocation {
  private readonly treeLock;
  private readonly underWay = new Set<UnderWay>();

  constructor(private readonly deps: RelocationDeps) {
    this.treeLock = new TreeLock(deps);
  }

  /** Resolves when nothing is under way that moves, replaces or deletes the resource. */
  async settled(resource: ResourceId): Promise<void> {
    for (;;) {
      const concerned = [...this.underWay].filter(({ roots }) =>
        roots.some((root) => isWithin(resource, root)),
      );
      if (concerned.length === 0) return;
      await Promise.allSettled(concerned.map(({ done }) => done));
    }
  }

  /** Rejects with a RemoteFailure or a {@link TreeLocked}, or like the condition. */
  remove(resource: ResourceId, condition: RemoveCondition = {}): Promise<void> {
    return this.track([resource], () => this.removeNow(resource, condition));
  }

  /** Rejects with a RemoteFailure or a {@link TreeLocked}; never because a lock could not follow. */
  transfer(transfer: Transfer): Promise<void> {
    return this.track([transfer.from, transfer.to], () => this.transferNow(transfer));
  }

  private async track(roots: readonly ResourceId[], run: () => Promise<void>): Promise<void> {
    const change: UnderWay = { roots, done: run() };
    this.underWay.add(change);
    try {
      await change.done;
    } finally {
      this.underWay.delete(change);
    }
  }

  private async removeNow(resource: ResourceId, { replaces, confirm }: RemoveCondition): Promise<void> {
    const held = new Set(this.claimsWithin(resource).keys());
    const entry = await this.entry(resource);
    await this.deps.leases.settledWithin(resource);
    await this.send({
      request: async (guard) => {
        await confirm?.();
        await this.deps.filesOf(resource).remove(entry, { ...guard, ...(replaces && { replaces }) });
      },
      changed: [resource],
      mustBeUnlocked: [resource],
      held,
      isDone: async () => !(await statIfExists(this.deps.directory, resource)),
    });
    this.forget(resource);
  }

  private async transferNow({ how, from, to, overwrite }: Transfer): Promise<void> {
    const { deps } = this;
    const isMove = how === 'move';
    // Record claims before the first request: it may reveal that a lock is lost, but the lock is still wanted.
    const wanted = this.claimsWithin(from);
    const overwritten = this.claimsWithin(to);
    const entry = await this.entry(from);
    const source = deps.directory.cached(from);
    const replaced = overwrite && (await this.mayExist(to)) ? [to] : [];
    const before = deps.directory.cached(to);
    // A pending LOCK would otherwise be granted on the old name.
    await deps.leases.settledWithin(from);
    const followers = isMove ? new Map([...wanted, ...this.claimsWithin(from)]) : [];
    // A missing source does not prove that it arrived at the destination.
    const isMoved = async () =>
      !(await statIfExists(this.deps.directory, from)) &&
      hasArrived(source, await statIfExists(this.deps.directory, to), before);
    const change: ChangeRequest = {
      request: (guard) => deps.filesOf(from)[how](entry, { resource: to, overwrite }, guard),
      changed: [from, to],
      mustBeUnlocked: isMove ? [from, ...replaced] : replaced,
      held: new Set([...wanted.keys(), ...overwritten.keys()]),
      isDone: isMove ? isMoved : () => Promise.resolve(false),
    };
    await (isMove ? this.move(from, change) : this.send(change));
    if (isMove) {
      // Before the old names are forgotten: unsaved text moves with its file.
      deps.baseVersions.moved(from, to);
      this.forget(from);
    }
    deps.directory.forget(to);
    // RFC 4918 section 7.6: a lock does not move with the resource.
    for (const [resource, claims] of followers)
      await this.retake((to + resource.slice(from.length)) as ResourceId, claims);
  }

  /** Some servers refuse to move what is locked, even by us: then it is moved unlocked, and locked again after. */
  private async move(from: ResourceId, change: ChangeRequest): Promise<void> {
    const { leases } = this.deps;
    try {
      return await this.send(change);
    } catch (error) {
      const held = this.claimsWithin(from);
      if (!isFailure(error, 'preconditionFailed') || held.size === 0) throw error;
      const released = await Promise.allSettled([...held.keys()].map((id) => leases.release(id)));
      try {
        if (released.some(({ status }) => status === 'rejected')) throw error;
        await this.send(change);
      } catch (second) {
        for (const [resource, claims] of held) await this.retake(resource, claims);
        throw second;
      }
    }
  }

  /** All our locks that a change here needs: above, on and below the resources. */
  guardFor(...resources: readonly ResourceId[]): LeaseGuard {
    const { leases } = this.deps;
    const all = resources.flatMap((id) => [...leases.covering(id), ...leases.within(id)]);
    return { leases: [...new Set(all)] };
  }

  private async refuseLockedTree(root: ResourceId): Promise<void> {
    const { blockingLocks, complete } = await scanTree(this.deps, root);
    if (blockingLocks.length > 0 || !complete) throw new TreeLocked(root, blockingLocks, complete);
  }

  /**
   * Sends the request if others hold no lock there. After a refusal, our own locks are verified, and the request
   * is sent again if they changed.
   */
  private async send({ request, changed, mustBeUnlocked, held, isDone }: ChangeRequest): Promise<void> {
    const { leases, directory } = this.deps;
    for (let tries = 1; ; tries += 1) {
      await verifyExpired(leases, this.guardFor(...changed).leases);
      const guard = this.guardFor(...changed);
      try {
        for (const root of mustBeUnlocked) await this.refuseLockedTree(root);
        return await this.underTreeLocks(mustBeUnlocked, (trees) =>
          request(trees.length > 0 ? { leases: [...this.guardFor(...changed).leases, ...trees] } : guard),
        );
      } catch (error) {
        if (isFailure(error) && error.facts.maybeDone === true && (await orElse(false, isDone))) return;
        for (const id of changed) directory.forget(id);
        if (tries === mostTries || !contradicts(error, held)) throw error;
        for (const lease of guard.leases) await leases.verify(lease);
        if (!(await this.haveChanged(guard, changed)) && !(error instanceof TreeLocked)) throw error;
      }
    }
  }

  private underTreeLocks<T>(
    roots: readonly ResourceId[],
    change: (trees: readonly Lease[]) => Promise<T>,
  ): Promise<T> {
    const isFolder = (id: ResourceId) => this.deps.directory.cached(id)?.kind === 'collection';
    const [first, ...rest] = roots.filter(isFolder);
    if (first === undefined) return change([]);
    return this.treeLock.run(first, (tree) =>
      this.underTreeLocks(rest, (others) => change([...tree, ...others])),
    );
  }

  /** Whether our locks differ from those that were sent. */
  private async haveChanged(sent: LeaseGuard, changed: readonly ResourceId[]): Promise<boolean> {
    const { leases } = this.deps;
    // Lost lock recovery may be retaking one.
    await Promise.all(changed.map((id) => leases.settledWithin(id)));
    const now = new Set(this.guardFor(...changed).leases.map(({ id }) => id));
    return now.size !== sent.leases.length || sent.leases.some(({ id }) => !now.has(id));
  }

  private async retake(resource: ResourceId, claims: ReadonlySet<Claim>): Promise<void> {
    try {
      if (claims.size === 0) return;
      for (const claim of claims) await this.deps.leases.take(resource, claim);
      this.deps.onRetaken(resource);
    } catch (error) {
      this.deps.onRetakeFailed(resource, error);
    }
  }

  private claimsWithin(root: ResourceId): Map<ResourceId, ReadonlySet<Claim>> {
    const { leases } = this.deps;
    const lasting = (id: ResourceId) => [...leases.claimsOn(id)].filter((claim) => lastingClaims.has(claim));
    return new Map(leases.within(root).map(({ resource }) => [resource, new Set(lasting(resource))]));
  }

  private async entry(resource: ResourceId): Promise<EntryRef> {
    return { resource, kind: (await this.deps.directory.stat(resource, 0, { fresh: true })).kind };
  }

  /** Returns true if the request fails, too. */
  private async mayExist(resource: ResourceId): Promise<boolean> {
    return (await orElse('unknown', () => statIfExists(this.deps.directory, resource))) !== undefined;
  }

  private forget(resource: ResourceId): void {
    const { leases, baseVersions, directory, store } = this.deps;
    leases.forget(resource);
    baseVersions.forget(resource);
    directory.forget(resource);
    store.apply({ kind: 'gone', resources: [resource] });
  }
}

/** Whether the refusal contradicts the locks that we held. */
function contradicts(error: unknown, held: ReadonlySet<ResourceId>): boolean {
  if (error instanceof TreeLocked) return error.blockingLocks.some(({ resource }) => held.has(resource));
  // A refused LOCK of the whole tree was sent without our own locks there.
  return isFailure(error, 'locked', 'preconditionFailed') && error.facts.method !== 'LOCK';
}

/** Whether the source is there now: same kind and, for a file, same size, and not what was there before. */
function hasArrived(
  source: RemoteStat | undefined,
  now: RemoteStat | undefined,
  before: RemoteStat | undefined,
): boolean {
  if (!now || now.kind !== source?.kind) return false;
  if (before && compareVersions(before.version, now.version) === 'same') return false;
  return now.kind === 'collection' || now.size === source.size;
}
