import type { Lock, LockState } from '../model/lock';
import { isOurs } from '../model/lockView';
import type { ResourceId } from '../model/resource';

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

/** Tree locks by lock root, so that a lookup visits a few ancestors instead of all known resources; put there when read. */
export class RootedTrees {
  private readonly read = new Map<ResourceId, readonly Lock[]>();

  constructor(private readonly stateAt: (id: ResourceId) => LockState | undefined) {}

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
  delete(id: ResourceId): void {
    this.read.delete(id);
  }
}
