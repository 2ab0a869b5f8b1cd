import type { Lock, LockState, Stamp } from '../model/lock';
import { isOurs } from '../model/lockView';
import { parentOf, type ResourceId } from '../model/resource';

/** A folder may have many shared locks; members inherit no more than these. */
const maxTrees = 8;

/** The tree locks rooted at `here`, ours first. */
function treesRootedAt(locks: readonly Lock[], here: ResourceId): Lock[] {
  const trees = locks.filter((lock) => isRootedAt(lock, here));
  if (trees.length > maxTrees) trees.sort((one, other) => Number(isOurs(other)) - Number(isOurs(one)));
  return trees.slice(0, maxTrees).map((lock) => (lock.root === here ? lock : { ...lock, root: here }));
}

/** Whether the lock is rooted here and covers everything below; a tree lock may also be listed on members. */
function isRootedAt(lock: Lock, here: ResourceId): boolean {
  return lock.depth === 'tree' && (lock.root === undefined || lock.root === here);
}

/** A tree lock covers everything below its root (RFC 4918 section 7.4): the locks that a resource has from above. */
export class TreeLocks {
  /** By lock root, so that a lookup visits a few ancestors instead of all known resources; put there when read. */
  private readonly read = new Map<ResourceId, readonly Lock[]>();
  /** Whether a tree lock was ever seen. */
  private hasAny = false;

  constructor(private readonly stateAt: (id: ResourceId) => LockState | undefined) {}

  /** The tree locks rooted at the resource. */
  at(id: ResourceId): readonly Lock[] {
    const cached = this.read.get(id);
    if (cached) return cached;
    const state = this.stateAt(id);
    if (state?.kind !== 'locked') return [];
    const trees = treesRootedAt(state.locks, id);
    this.read.set(id, trees);
    return trees;
  }

  /** To be called when the state changes. */
  changed(id: ResourceId, state?: LockState): void {
    this.read.delete(id);
    if (state?.kind === 'locked') this.hasAny ||= state.locks.some(({ depth }) => depth === 'tree');
  }

  /** The state with the tree locks of the folders above. */
  withInherited(id: ResourceId, listed: LockState): LockState {
    const own = this.withRoot(id, listed);
    const trees = this.treesOver(id, own);
    const at = trees[0]?.at;
    if (!at) return own;
    const inherited = trees.flatMap((tree) => tree.locks);
    return { kind: 'locked', locks: own.kind === 'locked' ? merge(own.locks, inherited) : inherited, at };
  }

  /** If a server omits the lock root of a tree lock: the topmost folder known to have the same lock. */
  private withRoot(id: ResourceId, state: LockState): LockState {
    if (state.kind !== 'locked' || !state.locks.some(lacksRoot)) return state;
    const locks = state.locks.map((lock) => {
      const root = lacksRoot(lock) ? this.topmostFolder(lock, id) : undefined;
      return root === undefined ? lock : { ...lock, root };
    });
    return { ...state, locks };
  }

  private topmostFolder(lock: Lock, id: ResourceId): ResourceId | undefined {
    let top: ResourceId | undefined;
    for (let above = parentOf(id); above; above = parentOf(above)) {
      const state = this.stateAt(above);
      if (state?.kind !== 'locked' || !state.locks.some((other) => other.id === lock.id)) break;
      top = above;
    }
    return top;
  }

  private treesOver(id: ResourceId, own: LockState): { locks: readonly Lock[]; at: Stamp }[] {
    if (!this.hasAny) return [];
    const found: { locks: readonly Lock[]; at: Stamp }[] = [];
    for (let root = parentOf(id); root; root = parentOf(root)) {
      const state = this.stateAt(root);
      // A newer response for the member that does not show the lock takes precedence.
      if (state?.kind !== 'locked' || (own.kind !== 'unknown' && own.at.mono > state.at.mono)) continue;
      const locks = this.at(root);
      if (locks.length > 0) found.push({ locks, at: state.at });
    }
    return found;
  }
}

function lacksRoot(lock: Lock): boolean {
  return lock.depth === 'tree' && lock.root === undefined && lock.id !== undefined;
}

function merge(own: readonly Lock[], inherited: readonly Lock[]): Lock[] {
  const seen = new Set(own.map((lock) => lock.id).filter((id) => id !== undefined));
  return [...own, ...inherited.filter((lock) => lock.id === undefined || !seen.has(lock.id))];
}
