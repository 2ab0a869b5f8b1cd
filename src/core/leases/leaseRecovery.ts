import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Directory } from '../polling/directory';
import { isFailure } from '../model/failure';
import type { Inheritance, KeptLease, LeaseStorage } from './leaseStorage';
import type { Claim, Lease } from '../model/lease';
import type { Leases } from './leases';
import { shows } from './leaseSlot';
import type { LockStore } from '../locks/lockStore';
import type { Clock, ServerOf } from '../model/ports';
import { serverOf as serverIdOf, type ResourceId } from '../model/resource';

/** A lock that ends by itself within this bars nobody for long where its holder does not come back. */
const shortMs = 3_600_000;

/**
 * Whether a lock stays on the server when its window ends. Nobody says whether the window is closed or only loaded again,
 * so: what was taken by hand stays, as always; the lock of a document with unsaved text stays because the editor brings
 * the text back, but only where it ends by itself should the person not come back; everything else is let go.
 */
export function outlivesWindow(lease: Lease, claims: ReadonlySet<Claim>, isDirty: boolean): boolean {
  if (claims.has('hand')) return true;
  return isDirty && lease.expiry.kind === 'at' && lease.grantedMs !== undefined && lease.grantedMs <= shortMs;
}

export interface RecoveryDeps {
  readonly leaseStorage: LeaseStorage;
  /** Asked for late: the leases themselves are made with this. */
  readonly world: () => {
    readonly leases: Leases;
    readonly serverOf: ServerOf;
    readonly directory: Directory;
    readonly store: LockStore;
  };
  readonly isDirty: (resource: ResourceId) => boolean;
  readonly clock: Clock;
  /** Storage or server failed; nothing is lost by it but comfort. */
  readonly onProblem: (doing: string, error: unknown) => void;
}

/** After a crash of several windows each takes up its own first; what is left then is nobody's. */
const othersMs = 20_000;
/** A lock that is left may end meanwhile, another window may die, and what could not be read may be readable now. */
const againMs = 5 * 60_000;

/** What an earlier run left. */
interface Left extends KeptLease {
  /** Of this workspace: what it wanted then it still wants. */
  readonly isOurs: boolean;
}

/**
 * The locks that an earlier run of ours left on servers. Where one is wanted again it is taken up and not locked anew;
 * the rest waits for the person to take it back or to release it.
 */
export class LeaseRecovery implements Inheritance {
  private readonly owned = new Disposables();
  private readonly kept = new Map<ResourceId, Left>();
  private readonly changed = this.owned.add(new Emitter<void>());
  private readonly leaving = new Map<ResourceId, Promise<unknown>>();
  private ready: Promise<void> = Promise.resolve();
  private checked = false;
  private ended = false;
  private timer: Disposable | undefined;
  /** Before the next look, in milliseconds. */
  private pause = othersMs;

  /** What is left of earlier runs changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: RecoveryDeps) {}

  /** Takes up what this workspace left; who locks meanwhile waits for it. Never rejects. */
  start(): Promise<void> {
    this.owned.add(this.deps.world().leases.onDidChange(() => void this.keep()));
    this.ready = this.inherit('here');
    this.lookLater();
    return this.ready.then(() => this.takeUp()).then(() => this.releaseUnclaimed());
  }

  /** Locks of earlier runs that nobody has taken up. */
  leftovers(): readonly Lease[] {
    return [...this.kept.values()].map(({ lease }) => lease);
  }

  /** Those of them that are worth a word: looked at, and still standing as far as anybody knows. */
  offered(): readonly Lease[] {
    return this.checked ? this.leftovers() : [];
  }

  async of(resource: ResourceId): Promise<KeptLease | undefined> {
    await this.ready;
    await this.leaving.get(resource);
    return this.kept.get(resource);
  }

  settled(lease: Lease): void {
    if (this.kept.get(lease.resource)?.lease.id !== lease.id) return;
    this.kept.delete(lease.resource);
    this.changed.fire();
  }

  /** Rejects with a RemoteFailure; the lock is then still left. */
  async release(lease: Lease): Promise<void> {
    const { resource } = lease;
    const leaving = this.deps.world().serverOf(resource).unlock(lease);
    // Who wants the lock meanwhile waits: it is either free then or still there to be taken up.
    this.leaving.set(resource, Promise.allSettled([leaving]));
    try {
      await leaving;
      this.settled(lease);
    } finally {
      this.leaving.delete(resource);
    }
    await this.keep();
    const at = this.deps.clock.now();
    this.deps.world().store.apply({ kind: 'released', resource: lease.resource, id: lease.id, at });
  }

  /** For the shelf: what is held, and what is left of earlier runs. Never rejects. */
  async keep(): Promise<void> {
    const ours = this.deps.world().leases.standing();
    const known = new Set(ours.map(({ lease }) => lease.resource));
    const left = [...this.kept.values()].filter(({ lease }) => !known.has(lease.resource));
    await this.store('Keeping leases', () => this.deps.leaseStorage.keep([...ours, ...left]));
  }

  dispose(): void {
    this.ended = true;
    this.timer?.dispose();
    this.owned.dispose();
  }

  private async inherit(...order: readonly ('here' | 'all')[]): Promise<void> {
    await this.store('Looking for leases of an earlier run', async () => {
      for (const whose of order)
        for (const kept of await this.deps.leaseStorage.inherit(whose))
          this.found({ ...kept, isOurs: whose === 'here' });
    });
    if (this.kept.size === 0) return;
    this.changed.fire();
    await this.keep();
  }

  /** Two windows may have left a lock on the same file: only the later one can still stand. */
  private found(left: Left): void {
    const { resource, since } = left.lease;
    const known = this.kept.get(resource);
    if (!known || known.lease.since.wall <= since.wall) this.kept.set(resource, left);
  }

  /** Tried again and again: at a start the network may not be there yet, and these locks end unless they are refreshed. */
  private async takeUp(): Promise<void> {
    for (const left of [...this.kept.values()]) {
      const { lease } = left;
      const claim = this.wanted(left);
      if (claim === undefined) continue;
      await this.try(`Taking up the lock on ${lease.resource}`, lease, () =>
        this.deps.world().leases.take(lease.resource, claim),
      );
    }
  }

  /** A lock taken by hand stays until it is released by hand, over a restart too; one for unsaved text, while that is there. */
  private wanted({ lease, claims, isOurs }: Left): Claim | undefined {
    if (!isOurs) return undefined;
    if (claims.includes('hand')) return 'hand';
    return claims.includes('edit') && this.deps.isDirty(lease.resource) ? 'edit' : undefined;
  }

  /** Its window ended while it was being let go. */
  private async releaseUnclaimed(): Promise<void> {
    for (const { lease, claims } of [...this.kept.values()]) {
      if (claims.length > 0) continue;
      await this.try(`Releasing the lock on ${lease.resource}`, lease, () => this.release(lease));
    }
  }

  private lookLater(): void {
    if (!this.ended) this.timer = this.deps.clock.after(this.pause, () => void this.lookAgain());
  }

  private async lookAgain(): Promise<void> {
    await this.inherit('here', 'all');
    await this.takeUp();
    await this.check();
    const isWanted = [...this.kept.values()].some((left) => this.wanted(left));
    this.pause = isWanted ? Math.min(againMs, 2 * this.pause) : againMs;
    this.lookLater();
  }

  /** Only what still stands is worth a word. */
  private async check(): Promise<void> {
    for (const { lease } of [...this.kept.values()]) {
      await this.try(`Asking about the lock on ${lease.resource}`, lease, async () => {
        await this.deps.world().directory.stat(lease.resource, 0);
        if (!this.mayStand(lease)) this.settled(lease);
      });
    }
    await this.releaseUnclaimed();
    this.checked = true;
    this.changed.fire();
    await this.keep();
  }

  private mayStand({ resource, id, expiry }: Lease): boolean {
    const { store } = this.deps.world();
    const state = store.stateOf(resource);
    const isListed = shows(state, id);
    if (isListed || store.listingSupportOf(serverIdOf(resource)) === 'seen') return isListed;
    return expiry.kind !== 'at' || this.deps.clock.now().mono < expiry.at.mono;
  }

  private async try(doing: string, lease: Lease, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      // The file went, and with it the lock.
      if (isFailure(error, 'notFound')) this.settled(lease);
      else this.deps.onProblem(doing, error);
    }
  }

  private async store(doing: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.deps.onProblem(doing, error);
    }
  }
}
