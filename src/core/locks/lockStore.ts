import { Emitter } from '../../base/emitter';
import type { Evidence, ListedEntry, LostWhy } from '../model/evidence';
import type { Lock, LockId, LockState, Stamp } from '../model/lock';
import { isWithinAny, parentOf, serverOf, type ResourceId, type ServerId } from '../model/resource';

/** What a server has shown of its habit to list locks. Only `seen` makes an empty list mean "unlocked". */
export type ListingSupport = 'seen' | 'unproven' | 'none';

interface Known {
  readonly state: LockState;
  readonly lost?: LostWhy;
}

const notAsked: LockState = { kind: 'unknown', why: 'notAsked' };

/** A lock known only by its refusal. */
const anonymousLock: Lock = {
  scope: 'exclusive',
  depth: 'self',
  holder: { contacts: [], assertedBy: 'nobody', self: 'unknown' },
  expiry: { kind: 'unknown' },
};

/** Locks that only a refusal told of. */
const byRefusal = new WeakSet<Lock>([anonymousLock]);

function isByRefusal(locks: readonly Lock[]): boolean {
  return locks.some((lock) => byRefusal.has(lock));
}

/** How long a refusal counts where no listing can confirm or deny it. */
const refusalFreshMs = 120_000;

/**
 * The one place that knows what is locked. News enters by {@link apply}; views read {@link stateOf} and listen to
 * {@link onDidChange}. Tree locks cover what lies below them (RFC 4918 section 7.4).
 */
export class LockStore {
  private readonly known = new Map<ResourceId, Known>();
  /** Tree locks by their roots, so that a look-up walks a few ancestors instead of all that is known. */
  private readonly trees = new Map<ResourceId, readonly Lock[]>();
  /** Roots whose tree locks are news of the evidence under way: for what lies below them it is news too. */
  private readonly changedTrees = new Set<ResourceId>();
  /** Resources of which the last answer said nothing about locks: not even that there are none. */
  private readonly notReported = new Set<ResourceId>();
  private readonly listingSupport = new Map<ServerId, ListingSupport>();
  private readonly changed = new Emitter<readonly ResourceId[]>();
  private readonly habitChanged = new Emitter<ServerId>();

  /** The resources whose state may read differently now. */
  readonly onDidChange = this.changed.event;
  /** A server has shown for the first time whether it lists locks. */
  readonly onDidLearnListingSupport = this.habitChanged.event;

  apply(evidence: Evidence): void {
    const touched = new Set(this.take(evidence));
    if (this.changedTrees.size > 0) {
      for (const id of this.known.keys()) if (isWithinAny(id, this.changedTrees)) touched.add(id);
      this.changedTrees.clear();
    }
    if (touched.size > 0) this.changed.fire([...touched]);
  }

  stateOf(id: ResourceId): LockState {
    const own = this.placed(id, this.known.get(id)?.state ?? notAsked);
    const trees = this.treesOver(id, own);
    const at = trees[0]?.at;
    if (!at) return own;
    const inherited = trees.flatMap((tree) => tree.locks);
    return { kind: 'locked', locks: own.kind === 'locked' ? merge(own.locks, inherited) : inherited, at };
  }

  /** Why our lock on the resource was lost, until settled. */
  lossOf(id: ResourceId): LostWhy | undefined {
    return this.known.get(id)?.lost;
  }

  listingSupportOf(server: ServerId): ListingSupport {
    return this.listingSupport.get(server) ?? 'unproven';
  }

  /** What an earlier run learnt about a server. */
  recallListingSupport(server: ServerId, listingSupport: ListingSupport): void {
    this.listingSupport.set(server, listingSupport);
  }

  /** Everything known, in no order. */
  resources(): IterableIterator<ResourceId> {
    return this.known.keys();
  }

  dispose(): void {
    this.changed.dispose();
    this.habitChanged.dispose();
  }

  private take(evidence: Evidence): ResourceId[] {
    switch (evidence.kind) {
      case 'listed':
        return this.takeListing(evidence.entries, evidence.at);
      case 'unanswered':
        // Not being reached does not end a lock of ours; its time does, for all that is known.
        if (this.heldUntil(evidence.resource) > evidence.at.mono) return [];
        return this.put(evidence.resource, { kind: 'unknown', why: evidence.why, at: evidence.at });
      case 'refused':
        return this.takeRefusal(evidence.resource, evidence.at, evidence.lock);
      case 'held':
        return this.takeHeld(evidence.lock, evidence.lease.resource, evidence.at);
      case 'released':
        return this.removeLock(evidence.resource, evidence.id, evidence.at);
      case 'lost': {
        const touched = this.removeLock(evidence.resource, evidence.id, evidence.at);
        const { state } = this.known.get(evidence.resource) ?? { state: notAsked };
        // That ours is gone does not say that the resource is free.
        const honest: LockState =
          state.kind === 'unlocked' ? { kind: 'unknown', why: 'notAsked', at: evidence.at } : state;
        this.known.set(evidence.resource, { state: honest, lost: evidence.why });
        return touched.length > 0 ? touched : [evidence.resource];
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
        return evidence.is
          ? this.learnListingSupport(evidence.server, 'none')
          : this.forgetNoLocks(evidence.server);
    }
  }

  private takeListing(entries: readonly ListedEntry[], at: Stamp): ResourceId[] {
    // A habit learnt from one entry counts for its neighbours in the same answer.
    const telling = entries.find(({ listing }) => listing.locks.length > 0);
    const touched = telling ? this.learnListingSupport(serverOf(telling.resource), 'seen') : [];
    for (const { resource, listing } of entries) {
      const known = this.known.get(resource)?.state.at;
      // An answer to an older question: what is known already came later.
      if (known && known.mono > at.mono) continue;
      this.put(resource, this.read(resource, listing, at));
      if (!listing.reported) this.notReported.add(resource);
      touched.push(resource);
    }
    return touched;
  }

  /** The lock is a fact although nobody tells whose it is. */
  private takeRefusal(resource: ResourceId, at: Stamp, lock: Lock = anonymousLock): ResourceId[] {
    const state = this.stateOf(resource);
    // What the server lists is better than what a refusal says in passing; silence is worse than either.
    const knows = state.kind === 'locked' && !(isByRefusal(state.locks) && lock !== anonymousLock);
    if (knows) return [];
    if (lock !== anonymousLock) byRefusal.add(lock);
    return this.put(resource, { kind: 'locked', locks: [lock], at });
  }

  private read(resource: ResourceId, listing: ListedEntry['listing'], at: Stamp): LockState {
    if (listing.locks.length > 0) return { kind: 'locked', locks: listing.locks, at };
    const listingSupport = this.listingSupportOf(serverOf(resource));
    if (listingSupport === 'seen' && listing.reported) return { kind: 'unlocked', proof: 'listed', at };
    const before = this.known.get(resource)?.state;
    // A server that lists nothing has nothing to say against a lock of ours.
    const ours = before?.kind === 'locked' ? before.locks.filter(isOurs) : [];
    if (before && ours.length > 0) return { kind: 'locked', locks: ours, at: before.at ?? at };
    // A server that lists nothing does not take back its own refusal by that.
    if (before?.kind === 'locked' && isByRefusal(before.locks) && at.mono - before.at.mono < refusalFreshMs) {
      return before;
    }
    return { kind: 'unknown', why: listingSupport === 'none' ? 'noLocks' : 'notListed', at };
  }

  /** Until when, on the monotonic clock, a lock of ours stands by its own word. */
  private heldUntil(resource: ResourceId): number {
    const state = this.known.get(resource)?.state;
    const ours = state?.kind === 'locked' ? state.locks.filter(isOurs) : [];
    return Math.max(-1, ...ours.map(({ expiry }) => (expiry.kind === 'at' ? expiry.at.mono : Infinity)));
  }

  private takeHeld(lock: Lock, resource: ResourceId, at: Stamp): ResourceId[] {
    const offers = this.forgetNoLocks(serverOf(resource));
    const { state } = this.known.get(resource) ?? { state: notAsked };
    const others =
      state.kind === 'locked' && lock.scope === 'shared'
        ? state.locks.filter((other) => other.scope === 'shared' && other.id !== lock.id)
        : [];
    return [...offers, ...this.put(resource, { kind: 'locked', locks: [lock, ...others], at }, 'settled')];
  }

  private removeLock(resource: ResourceId, id: LockId, at: Stamp): ResourceId[] {
    const { state } = this.known.get(resource) ?? { state: notAsked };
    if (state.kind !== 'locked') return [];
    const rest = state.locks.filter((lock) => lock.id !== id);
    if (rest.length === state.locks.length) return [];
    return this.put(
      resource,
      rest.length > 0 ? { kind: 'locked', locks: rest, at } : { kind: 'unlocked', proof: 'released', at },
    );
  }

  private forgetBelow(roots: ReadonlySet<ResourceId>): ResourceId[] {
    const below = [...this.known.keys()].filter((id) => isWithinAny(id, roots));
    for (const id of below) {
      this.known.delete(id);
      this.trees.delete(id);
      this.notReported.delete(id);
    }
    return below;
  }

  /** Records the habit; what was read with the old one reads differently from now on. */
  private learnListingSupport(server: ServerId, listingSupport: ListingSupport): ResourceId[] {
    if (
      this.listingSupportOf(server) === listingSupport ||
      (listingSupport === 'none' && this.listingSupportOf(server) === 'seen')
    )
      return [];
    this.listingSupport.set(server, listingSupport);
    this.habitChanged.fire(server);
    return this.readAgain(server);
  }

  /** The server offers locks after all. */
  private forgetNoLocks(server: ServerId): ResourceId[] {
    return this.listingSupportOf(server) === 'none' ? this.learnListingSupport(server, 'unproven') : [];
  }

  /** Empty lists of the same server, also those that came before: they prove "unlocked", or that it has no locks. */
  private readAgain(server: ServerId): ResourceId[] {
    const touched: ResourceId[] = [];
    // What could not be asked was said to be without locks as well, and proves nothing.
    const read = this.listingSupportOf(server) === 'seen' ? ['notListed'] : ['notListed', 'noLocks'];
    for (const [id, { state }] of this.known) {
      if (serverOf(id) !== server || state.kind !== 'unknown' || !state.at || !read.includes(state.why))
        continue;
      const reported = !this.notReported.has(id);
      touched.push(...this.put(id, this.read(id, { locks: [], reported }, state.at)));
    }
    return touched;
  }

  private put(id: ResourceId, state: LockState, loss: 'kept' | 'settled' = 'kept'): ResourceId[] {
    const before = this.known.get(id);
    const lost = loss === 'kept' ? before?.lost : undefined;
    this.known.set(id, lost ? { state, lost } : { state });
    this.notReported.delete(id);
    const hadTree = this.trees.delete(id);
    const trees = state.kind === 'locked' ? treesFrom(state.locks, id) : [];
    if (trees.length > 0) this.trees.set(id, trees);
    if (hadTree || trees.length > 0) this.changedTrees.add(id);
    return [id];
  }

  /** Where a server does not say where a tree lock sits: the topmost folder that was seen with the same lock. */
  private placed(id: ResourceId, state: LockState): LockState {
    if (state.kind !== 'locked' || !state.locks.some(isUnplaced)) return state;
    const locks = state.locks.map((lock) => {
      const root = isUnplaced(lock) ? this.topOf(lock, id) : undefined;
      return root === undefined ? lock : { ...lock, root };
    });
    return { ...state, locks };
  }

  private topOf(lock: Lock, id: ResourceId): ResourceId | undefined {
    let top: ResourceId | undefined;
    for (let above = parentOf(id); above; above = parentOf(above)) {
      const state = this.known.get(above)?.state;
      if (state?.kind !== 'locked' || !state.locks.some((other) => other.id === lock.id)) break;
      top = above;
    }
    return top;
  }

  private treesOver(id: ResourceId, own: LockState): { locks: readonly Lock[]; at: Stamp }[] {
    if (this.trees.size === 0) return [];
    const found: { locks: readonly Lock[]; at: Stamp }[] = [];
    for (let root = parentOf(id); root; root = parentOf(root)) {
      const locks = this.trees.get(root);
      const state = this.known.get(root)?.state;
      // A member that was asked later and did not show the lock knows better.
      if (!locks || state?.kind !== 'locked' || (own.kind !== 'unknown' && own.at.mono > state.at.mono))
        continue;
      found.push({ locks, at: state.at });
    }
    return found;
  }
}

function isUnplaced(lock: Lock): boolean {
  return lock.depth === 'tree' && lock.root === undefined && lock.id !== undefined;
}

/** A folder may share its lock: more who do than these are nobody's news for what lies below it. */
const mostTrees = 8;

/** The locks that cover all below `here`, ours first. */
function treesFrom(locks: readonly Lock[], here: ResourceId): Lock[] {
  const trees = locks.filter((lock) => isTreeFrom(lock, here));
  if (trees.length > mostTrees) trees.sort((one, other) => Number(isOurs(other)) - Number(isOurs(one)));
  return trees.slice(0, mostTrees).map((lock) => (lock.root === here ? lock : { ...lock, root: here }));
}

function isOurs({ holder }: Lock): boolean {
  return holder.self === 'thisWindow';
}

/** Whether the lock sits here and covers all below; a tree lock that is only shown here has another root. */
function isTreeFrom(lock: Lock, here: ResourceId): boolean {
  return lock.depth === 'tree' && (lock.root === undefined || lock.root === here);
}

function merge(own: readonly Lock[], inherited: readonly Lock[]): Lock[] {
  const seen = new Set(own.map((lock) => lock.id).filter((id) => id !== undefined));
  return [...own, ...inherited.filter((lock) => lock.id === undefined || !seen.has(lock.id))];
}
