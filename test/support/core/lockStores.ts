// A store of locks, with what it reports of changes.
import { LockStore } from '../../../src/core/locks/lockStore';
import type { Lock } from '../../../src/core/model/lock';
import { serverOf, type ResourceId } from '../../../src/core/model/resource';
import { stamp } from '../builders/locks';
import { file } from './files';

const a = file('folder/a');
const server = serverOf(a);

export function givenStore(listingSupport?: 'seen') {
  const store = new LockStore();
  if (listingSupport) store.restoreListingSupport(server, listingSupport);
  const told: ResourceId[][] = [];
  store.onDidChange((resources) => told.push([...resources]));
  const list = (resource: ResourceId, mono: number, ...locks: Lock[]) =>
    store.apply({
      kind: 'listed',
      entries: [{ resource, listing: { locks, reported: true } }],
      at: stamp(mono),
    });
  return { store, told, list, of: (resource = a) => store.stateOf(resource) };
}
