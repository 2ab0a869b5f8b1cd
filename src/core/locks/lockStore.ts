import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Evidence, ListedEntry, LossReason } from '../model/evidence';
import type { Lock, LockId, LockListing, LockState, Stamp } from '../model/lock';
import type { Clock } from '../model/ports';
import { isOurs, lockView, type LockView } from '../model/lockView';
import { serverOf, type ResourceId, type ServerId } from '../model/resource';
import { ResourceMap } from '../model/resourceMap';
import { LocklessFolders, type WhyLockless } from './locklessFolders';
import { stateFromListing, stateFromRefusal, type ListingSupport } from './stateFromAnswer';
import { TreeChanges } from './treeChanges';
import { TreeLocks } from './treeLocks';
import { stateWithoutOurs, type KnownState } from './withoutOurs';

interface Known {
  readonly state: LockState;
  readonly lost?: LossReason;
}

const notAsked: LockState = { kind: 'unknown', why: 'notAsked' };

/**
 * The single source of lock state: {@link apply} adds evidence, {@link stateOf} reads it, {@link onDidChange}
 * reports changes.
 */
export class LockStore extends Owner {
  private readonly known = new ResourceMap<Known>();
  private readonly trees = new TreeLocks((id) => this.known.get(id)?.state);
  /** Roots whose tree locks changed with the current evidence, and these locks as they were and are. */
  private readonly changedTrees = new Map<ResourceId, readonly Lock[]>();
  private readonly treeChanges: TreeChanges;
  /** Resources whose last response lacked lockdiscovery, so it does not even prove that there are no locks. */
  private readonly notReported = new Set<ResourceId>();
  private readonly lockless = new LocklessFolders();
  private readonly listingSupport = new Map<ServerId, ListingSupport>();
  private readonly changed = this.owned.add(new Emitter<readonly ResourceId[]>());
  private readonly supportChanged = this.owned.add(new Emitter<ServerId>());

  /** The resources whose state may have changed. */
  readonly onDidChange = this.changed.event;
  /** It became known whether a server lists locks. */
  readonly onDidLearnListingSupport = this.supportChanged.event;

  /** @param clock for telling many members of a locked folder some at a time; without it, all at once. */
  constructor(clock?: Pick<Clock, 'after'>) {
    super();
    this.treeChanges = new TreeChanges(this.known, clock, (resources) => this.changed.fire(resources));
  }

  apply(evidence: Evidence): void {
    const touched = new Set(this.take(evidence));
    const changedTrees = [...this.changedTrees];
    this.changedTrees.clear();
    for (const [root, locks] of changedTrees)
      for (const id of this.treeChanges.changed(root, locks)) touched.add(id);
    if (touched.size > 0) this.changed.fire([...touched]);
  }

  stateOf(id: ResourceId): LockState {
    return this.trees.withInherited(id, this.known.get(id)?.state ?? notAsked);
  }

  /** The state as users see it, with the loss of our own lock. */
  viewOf(id: ResourceId): LockView {
    return lockView(this.stateOf(id), this.lossOf(id));
  }

  /** Why our lock on the resource was lost, until settled. */
  lossOf(id: ResourceId): LossReason | undefined {
    return this.known.get(id)?.lost;
  }

  listingSupportOf(server: ServerId): ListingSupport {
    return this.listingSupport.get(server) ?? 'unproven';
  }

  /** Whether no locks can be taken there, as far as its folder or one above it was asked. */
  isLockless(resource: ResourceId): boolean {
    return this.lockless.why(resource) !== false;
  }

  /** Restores what an earlier run learned about a server. */
  restoreListingSupport(server: ServerId, listingSupport: ListingSupport): void {
    this.listingSupport.set(server, listingSupport);
  }

  /** Whether the last response for each known resource in the tree included its locks, if only an empty list. */
  isReportedWithin(root: ResourceId): boolean {
    const within = [...(this.known.has(root) ? [root] : []), ...this.known.below(root)];
    const isReported = (id: ResourceId) => {
      const state = this.known.get(id)?.state;
      return !this.notReported.has(id) && state?.kind === 'unknown' && state.why === 'unproven';
    };
    return within.length > 0 && within.every(isReported);
  }

  /** Whether anything below the resource is known. */
  hasBelow(resource: ResourceId): boolean {
    return this.known.hasBelow(resource);
  }

  /** All known resources, unordered. */
  resources(): IterableIterator<ResourceId> {
    return this.known.keys();
  }

  override dispose(): void {
    this.treeChanges.dispose();
    super.dispose();
  }

  private take(evidence: Evidence): ResourceId[] {
    switch (evidence.kind) {
      case 'listed':
        return this.applyListing(evidence.entries, evidence.at);
      case 'unanswered':
        // A failed request does not end our lock; its timeout does, as far as we know.
        if (this.heldUntil(evidence.resource) > evidence.at.mono) return [];
        return this.put(
          evidence.resource,
          { kind: 'unknown', why: evidence.why, at: evidence.at },
          { isReported: false },
        );
      case 'refused':
        return this.applyRefusal(evidence.resource, evidence.at, evidence.lock);
      case 'held':
        return this.applyHeld(evidence.lock, evidence.lease.resource, evidence.at);
      case 'released':
      case 'unconfirmed':
        return this.removeLock(evidence.resource, evidence.id, stateWithoutOurs(evidence));
      case 'lost': {
        const { resource, id, why } = evidence;
        const otherwise = stateWithoutOurs(evidence);
        const touched = this.removeLock(resource, id, otherwise);
        const { state } = this.known.get(resource) ?? { state: notAsked };
        this.known.set(resource, { state: state.kind === 'unlocked' ? otherwise : state, lost: why });
        return touched.length > 0 ? touched : [resource];
      }
      case 'lossSettled': {
        const known = this.known.get(evidence.resource);
        if (!known?.lost) return [];
        this.known.set(evidence.resource, { state: known.state });
        return [evidence.resource];
      }
      case 'gone':
        return this.forgetBelow(new Set(evidence.resources));
      case 'lockless':
        return this.learnLockless(evidence.folder, evidence.is && 'noLocks');
      case 'notEnforced':
        return this.learnLockless(evidence.folder, 'notEnforced');
    }
  }

  private applyListing(entries: readonly ListedEntry[], at: Stamp): ResourceId[] {
    // One listed lock proves support for the whole response, so learn it first.
    const withLocks = entries.find(({ listing }) => listing.locks.length > 0);
    const touched = withLocks ? this.learnListsLocks(withLocks.resource) : [];
    for (const { resource, listing } of entries) {
      if (listing.asked === false) continue;
      const before = this.known.get(resource)?.state;
      // Skip a response to an older request: we already know something newer.
      if (before?.at && before.at.mono > at.mono) continue;
      const state = this.read(resource, listing, at, before);
      touched.push(...this.put(resource, state, { isReported: listing.reported }));
    }
    return touched;
  }

  private applyRefusal(resource: ResourceId, at: Stamp, lock?: Lock): ResourceId[] {
    const state = stateFromRefusal(this.stateOf(resource), at, lock);
    return state ? this.put(resource, state) : [];
  }

  private read(
    resource: ResourceId,
    listing: LockListing,
    at: Stamp,
    before: LockState | undefined,
  ): LockState {
    return stateFromListing(listing, at, {
      before,
      listingSupport: this.listingSupportOf(serverOf(resource)),
      whyLockless: () => this.lockless.why(resource),
    });
  }

  /** When our lock on the resource expires, on the monotonic clock. */
  private heldUntil(resource: ResourceId): number {
    const state = this.known.get(resource)?.state;
    const ours = state?.kind === 'locked' ? state.locks.filter(isOurs) : [];
    return Math.max(-1, ...ours.map(({ expiry }) => (expiry.kind === 'at' ? expiry.at.mono : Infinity)));
  }

  private applyHeld(lock: Lock, resource: ResourceId, at: Stamp): ResourceId[] {
    const relearned = this.clearLockless(resource);
    const { state } = this.known.get(resource) ?? { state: notAsked };
    const others =
      state.kind === 'locked' && lock.scope === 'shared'
        ? state.locks.filter((other) => other.scope === 'shared' && other.id !== lock.id)
        : [];
    return [
      ...relearned,
      ...this.put(resource, { kind: 'locked', locks: [lock, ...others], at }, { settles: true }),
    ];
  }

  /** @param otherwise the state if no other lock is known. */
  private removeLock(resource: ResourceId, id: LockId, otherwise: KnownState): ResourceId[] {
    const { state } = this.known.get(resource) ?? { state: notAsked };
    if (state.kind !== 'locked') return [];
    const rest = state.locks.filter((lock) => lock.id !== id);
    if (rest.length === state.locks.length) return [];
    return this.put(
      resource,
      rest.length > 0 ? { kind: 'locked', locks: rest, at: otherwise.at } : otherwise,
    );
  }

  private forgetBelow(roots: ReadonlySet<ResourceId>): ResourceId[] {
    const below = [...roots].flatMap((root) => this.known.deleteWithin(root));
    for (const id of below) {
      this.trees.changed(id);
      this.notReported.delete(id);
    }
    return below;
  }

  /** Records the support and reinterprets earlier empty lists accordingly. */
  private learnListsLocks(resource: ResourceId): ResourceId[] {
    const server = serverOf(resource);
    const relearned = this.clearLockless(resource);
    if (this.listingSupportOf(server) === 'seen') return relearned;
    this.listingSupport.set(server, 'seen');
    this.supportChanged.fire(server);
    return this.reinterpret(server);
  }

  private learnLockless(folder: ResourceId, why: WhyLockless): ResourceId[] {
    return this.lockless.learn(folder, why) ? this.reinterpret(serverOf(folder)) : [];
  }

  /** There are locks after all. */
  private clearLockless(resource: ResourceId): ResourceId[] {
    return this.lockless.clear(resource) ? this.reinterpret(serverOf(resource)) : [];
  }

  /** Reinterprets the server's earlier empty lists, which prove "unlocked" or that it has no locks. */
  private reinterpret(server: ServerId): ResourceId[] {
    const touched: ResourceId[] = [];
    // `noLocks` may also come from a failed request, which proves nothing.
    const lockless = this.listingSupportOf(server) === 'seen' ? [] : ['noLocks', 'notEnforced'];
    const read = ['notListed', 'unproven', ...lockless];
    for (const [id, { state }] of this.known.entries()) {
      if (serverOf(id) !== server || state.kind !== 'unknown' || !state.at || !read.includes(state.why))
        continue;
      const isReported = !this.notReported.has(id);
      const reread = this.read(id, { locks: [], reported: isReported }, state.at, state);
      touched.push(...this.put(id, reread, { isReported }));
    }
    return touched;
  }

  /** @param isReported false where nothing that is learned later makes this answer a proof of no locks. */
  private put(id: ResourceId, state: LockState, { settles = false, isReported = true } = {}): ResourceId[] {
    // Each of many members may show the lock of its folder as its own: only where something is below does that matter.
    const isAbove = this.known.hasBelow(id);
    const hadTrees = isAbove ? this.trees.at(id) : [];
    const before = this.known.get(id);
    const lost = settles ? undefined : before?.lost;
    this.known.set(id, lost ? { state, lost } : { state });
    if (isReported) this.notReported.delete(id);
    else this.notReported.add(id);
    this.trees.changed(id, state);
    const trees = isAbove ? this.trees.at(id) : [];
    if (hadTrees.length + trees.length > 0) this.changedTrees.set(id, [...hadTrees, ...trees]);
    return [id];
  }
}
