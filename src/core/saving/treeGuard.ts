import type { Directory } from '../polling/directory';
import type { Lock } from '../model/lock';
import type { LockStore } from '../locks/lockStore';
import type { Clock } from '../model/ports';
import type { ResourceId } from '../model/resource';

/** Somebody's lock on something that is about to go. */
export interface Barred {
  readonly resource: ResourceId;
  readonly lock: Lock;
}

export interface TreeLook {
  readonly barred: readonly Barred[];
  /** False where there was no time to look at all of the tree. */
  readonly complete: boolean;
}

export interface TreeDeps {
  readonly directory: Directory;
  readonly store: LockStore;
  readonly clock: Pick<Clock, 'now'>;
}

/** The longer a look takes, the more may have changed behind it; and somebody waits for its end. */
export const longestLookMs = 60_000;
const atOnce = 4;

/**
 * Looks for locks of others on the root and on everything below it. Some servers delete or move a folder with somebody's
 * locked file in it, so this is asked before anything is sent. Rejects with a RemoteFailure where it cannot be asked.
 */
export async function lookThroughTree(
  { directory, store, clock }: TreeDeps,
  root: ResourceId,
): Promise<TreeLook> {
  const until = clock.now().mono + longestLookMs;
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
  const folders = isFolder(root) ? [root] : [];
  while (folders.length > 0) {
    if (clock.now().mono > until) return { barred, complete: false };
    const batch = folders.splice(0, atOnce);
    const members = (await Promise.all(batch.map((folder) => directory.list(folder, 0)))).flat();
    for (const member of members) {
      see(member);
      if (isFolder(member)) folders.push(member);
    }
  }
  return { barred, complete: true };
}
