import { Disposables } from '../base/disposable';
import { Emitter } from '../base/emitter';
import type { Directory } from './directory';
import { isFailure } from './failure';
import type { Inheritance, KeptLease, LeaseShelf } from './keptLease';
import type { Claim, Lease } from './lease';
import type { Leases } from './leases';
import { shows } from './leaseSlot';
import type { LockStore } from './lockStore';
import type { Clock, ServerOf } from './ports';
import { serverOf as serverIdOf, type ResourceId } from './resource';

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
  readonly shelf: LeaseShelf;
  /** Asked for late: the leases themselves are made with this. */
  readonly world: () => {
    readonly leases: Leases;
    readonly serverOf: ServerOf;
    readonly directory: Directory;
    readonly store: LockStore;
  };
  readonly clock: Clock;
  /** Storage or server failed; nothing is lost by it but comfort. */
  readonly onProblem: (doing: string, error: unknown) => void;
}

/** After a crash of several windows each takes up its own first; what is left then is nobody's. */
const othersMs = 20_000;

/**
 * The locks that an earlier run of ours left on servers. Where one is wanted again it is taken up and not locked anew;
 * the rest waits for the person to take it back or to release it.
 */
export class LeaseRecovery implements Inheritance {
  private readonly owned = new Disposables();
  private readonly kept = new Map<ResourceId, KeptLease>();
  private readonly changed = this.owned.add(new Emitter<void>());
  private ready: Promise<void> = Promise.resolve();
  private checked = false;

  /** What is left of earlier runs changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly deps: RecoveryDeps) {}

  /** Takes up what this workspace left; who locks meanwhile waits for it. Never rejects. */
  start(): Promise<void> {
    this.owned.add(this.deps.world().leases.onDidChange(() => void this.keep()));
    this.ready = this.inherit('here');
    this.owned.add(this.deps.clock.after(othersMs, () => void this.inherit('all').then(() => this.check())));
    return this.ready.then(() => this.takeUpByHand());
  }

  /** Locks of earlier runs that nobody has taken up. */
  leftovers(): readonly Lease[] {
    return [...this.kept.values()].map(({ lease }) => lease);
  }

  /** Those of them that are worth a word: looked at, and still standing as far as anybody knows. */
  offered(): readonly Lease[] {
    return this.checked ? this.leftovers() : [];
  }

  async of(resource: ResourceId): Promise<Lease | undefined> {
    await this.ready;
    return this.kept.get(resource)?.lease;
  }

  settled(lease: Lease): void {
    if (this.kept.get(lease.resource)?.lease.id !== lease.id) return;
    this.kept.delete(lease.resource);
    this.changed.fire();
  }

  /** Rejects with a RemoteFailure; the lock is then still left. */
  async release(lease: Lease): Promise<void> {
    await this.deps.world().serverOf(lease.resource).unlock(lease);
    this.settled(lease);
    await this.keep();
    const at = this.deps.clock.now();
    this.deps.world().store.apply({ kind: 'released', resource: lease.resource, id: lease.id, at });
  }

  /** For the shelf: what is held, and what is left of earlier runs. Never rejects. */
  async keep(): Promise<void> {
    const leases = this.deps.world().leases;
    const held = leases.held().map((lease) => ({ lease, claims: [...leases.claimsOn(lease.resource)] }));
    const wanted = new Set(held.map(({ lease }) => lease.resource));
    const left = [...this.kept.values()].filter(({ lease }) => !wanted.has(lease.resource));
    await this.try('Keeping leases', () => this.deps.shelf.keep([...held, ...left]));
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async inherit(whose: 'here' | 'all'): Promise<void> {
    await this.try('Looking for leases of an earlier run', async () => {
      for (const kept of await this.deps.shelf.inherit(whose)) this.kept.set(kept.lease.resource, kept);
    });
    if (this.kept.size === 0) return;
    this.changed.fire();
    await this.keep();
  }

  /** A lock taken by hand stays until it is released by hand, over a restart too. */
  private async takeUpByHand(): Promise<void> {
    for (const { lease, claims } of [...this.kept.values()]) {
      if (!claims.includes('hand')) continue;
      await this.try(`Taking up the lock on ${lease.resource}`, () =>
        this.deps.world().leases.take(lease.resource, 'hand'),
      );
    }
  }

  /** Only what still stands is worth a word. */
  private async check(): Promise<void> {
    for (const { lease } of [...this.kept.values()]) {
      await this.try(`Asking about the lock on ${lease.resource}`, async () => {
        await this.deps.world().directory.stat(lease.resource, 0);
        if (!this.mayStand(lease)) this.settled(lease);
      });
    }
    this.checked = true;
    this.changed.fire();
    await this.keep();
  }

  private mayStand({ resource, id, expiry }: Lease): boolean {
    const { store } = this.deps.world();
    const state = store.stateOf(resource);
    const isListed = shows(state, id);
    if (isListed || store.habitOf(serverIdOf(resource)) === 'seen') return isListed;
    return expiry.kind !== 'at' || this.deps.clock.now().mono < expiry.at.mono;
  }

  private async try(doing: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      // The file went, and with it the lock.
      if (!isFailure(error, 'notFound')) this.deps.onProblem(doing, error);
    }
  }
}
