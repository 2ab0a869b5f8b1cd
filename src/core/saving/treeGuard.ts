import type { Directory } from '../polling/directory';
import type { Lock } from '../model/lock';
import type { LockStore } from '../locks/lockStore';
import type { Clock } from '../model/ports';
import type { ResourceId } from '../model/resource';

/** Somebody's lock on a resource about to be deleted or moved. */
export interface BlockingLock {
  readonly resource: ResourceId;
  readonly lock: Lock;
}

export interface TreeScan {
  readonly blockingLocks: readonly BlockingLock[];
  /** False if time ran out before all of the tree was checked. */
  readonly complete: boolean;
}

export interface TreeDeps {
  readonly directory: Directory;
  readonly store: LockStore;
  readonly clock: Pick<Clock, 'now'>;
}

/** The longer the check takes, the more may have changed meanwhile, and the user waits for it. */
export const maxScanMs = 60_000;
const parallelListings = 4;

/**
 * Finds locks of others on the root and everything below it, before anything is sent: some servers delete or move
 * a folder with somebody's locked file in it. Rejects with a RemoteFailure if a request fails.
 */
export async function scanTree({ directory, store, clock }: TreeDeps, root: ResourceId): Promise<TreeScan> {
  const until = clock.now().mono + maxScanMs;
  const blockingLocks: BlockingLock[] = [];
  const check = (resource: ResourceId) => {
    const state = store.stateOf(resource);
    const locks = state.kind === 'locked' ? state.locks : [];
    const isOurs = locks.some(({ holder }) => holder.self === 'thisWindow');
    const [lock] = isOurs ? [] : locks;
    if (lock) blockingLocks.push({ resource, lock });
  };
  const isFolder = (resource: ResourceId) => directory.cached(resource)?.kind === 'collection';
  // A request under way may predate the lock of somebody else.
  await directory.stat(root, 0, { fresh: true });
  check(root);
  const folders = isFolder(root) ? [root] : [];
  while (folders.length > 0) {
    if (clock.now().mono > until) return { blockingLocks, complete: false };
    const batch = folders.splice(0, parallelListings);
    const members = (
      await Promise.all(batch.map((folder) => directory.list(folder, 0, { fresh: true })))
    ).flat();
    for (const member of members) {
      check(member);
      if (isFolder(member)) folders.push(member);
    }
  }
  return { blockingLocks, complete: true };
}
