import type { Directory } from './directory';
import type { Lock } from './lock';
import type { LockStore } from './lockStore';
import type { ResourceId } from './resource';

/** Somebody's lock on something that is about to go. */
export interface Barred {
  readonly resource: ResourceId;
  readonly lock: Lock;
}

export interface TreeLook {
  readonly barred: readonly Barred[];
  /** False where the tree was too large to look at all of it. */
  readonly complete: boolean;
}

export interface TreeDeps {
  readonly directory: Directory;
  readonly store: LockStore;
}

/** Folders that are looked into at most: one request each. */
const mostFolders = 500;
const atOnce = 4;

/**
 * Looks for locks of others on the root and on everything below it. Some servers delete or move a folder with somebody's
 * locked file in it, so this is asked before anything is sent. Rejects with a RemoteFailure where it cannot be asked.
 */
export async function lookThroughTree(
  { directory, store }: TreeDeps,
  root: ResourceId,
  most = mostFolders,
): Promise<TreeLook> {
  const barred: Barred[] = [];
  const see = (resource: ResourceId) => {
    const state = store.stateOf(resource);
    const locks = state.kind === 'locked' ? state.locks : [];
    const isOurs = locks.some(({ holder }) => holder.self === 'thisWindow');
    const [lock] = isOurs ? [] : locks;
    if (lock) barred.push({ resource, lock });
  };
  const isFolder = (resource: ResourceId) => directory.recall(resource)?.kind === 'collection';
  await directory.stat(root, 0);
  see(root);
  let folders = isFolder(root) ? [root] : [];
  let looked = 0;
  while (folders.length > 0) {
    const batch = folders.slice(0, Math.min(atOnce, most - looked));
    if (batch.length === 0) return { barred, complete: false };
    const members = (await Promise.all(batch.map((folder) => directory.list(folder, 0)))).flat();
    looked += batch.length;
    for (const member of members) see(member);
    folders = [...folders.slice(batch.length), ...members.filter(isFolder)];
  }
  return { barred, complete: true };
}
