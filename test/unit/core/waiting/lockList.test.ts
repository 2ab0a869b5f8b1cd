import assert from 'node:assert/strict';
import { BlockedSaves } from '../../../../src/core/saving/blockedSaves';
import { RemoteFailure } from '../../../../src/core/model/failure';
import type { Holder, Lock, LockId, Stamp } from '../../../../src/core/model/lock';
import { LockList } from '../../../../src/core/waiting/lockList';
import { LockStore } from '../../../../src/core/locks/lockStore';
import type { ResourceId } from '../../../../src/core/model/resource';
import { idOf, lock, stamp, waitsByHand } from '../../../support/builders/locks';

const at = (mono: number): Stamp => stamp(mono);

interface Wish {
  readonly self?: Holder['self'];
  readonly ends?: number;
  readonly depth?: Lock['depth'];
  readonly root?: string;
  readonly scope?: Lock['scope'];
}

function lockOf({ self = 'other', ends, root, ...facts }: Wish = {}): Lock {
  return lock({
    ...facts,
    ...(root !== undefined && { root: idOf(root) }),
    ...(ends !== undefined && { expiry: { kind: 'at', at: at(ends) } }),
    holder: { self },
  });
}

function given() {
  const store = new LockStore();
  const blockedSaves = new BlockedSaves();
  const dirty = new Set<ResourceId>();
  const { waits, begin } = waitsByHand();
  const lockList = new LockList({ store, waits, blockedSaves, dirtyFiles: () => dirty });
  let changes = 0;
  lockList.onDidChange(() => (changes += 1));
  return {
    store,
    dirty,
    lockList,
    blockedSaves,
    changes: () => changes,
    list: (path: string, ...locks: Lock[]) =>
      store.apply({
        kind: 'listed',
        entries: [{ resource: idOf(path), listing: { locks, reported: true } }],
        at: at(1),
      }),
    wait: (path: string) => begin(idOf(path)),
    block: (path: string) =>
      blockedSaves.keep({
        resource: idOf(path),
        bytes: new Uint8Array(),
        base: undefined,
        since: at(1),
        failure: new RemoteFailure('locked', { resource: idOf(path) }),
      }),
    groups: () =>
      lockList.entries().map(({ resource, group }) => `${group} ${resource.slice('https://host/'.length)}`),
  };
}

describe('The lockList of locks', () => {
  it('sorts mine by expiry, others by name, and leaves out what has no lock', () => {
    const { list, groups } = given();
    list('z', lockOf());
    list('c', lockOf({ self: 'thisWindow' }));
    list('a', lockOf({ self: 'thisWindow', ends: 20 }));
    list('b', lockOf({ self: 'thisWindow', ends: 10 }));
    list('d', lockOf({ self: 'elsewhere' }));
    list('y', lockOf({ scope: 'shared' }));
    list('free');
    assert.deepEqual(groups(), ['mine b', 'mine a', 'mine c', 'mine d', 'others y', 'others z']);
  });

  it('puts what holds up unsaved text into the way, and once', () => {
    const { list, groups, dirty, block } = given();
    list('other', lockOf());
    list('mine', lockOf({ self: 'thisWindow' }));
    list('free');
    for (const path of ['other', 'mine', 'free']) dirty.add(idOf(path));
    assert.deepEqual(groups(), ['blocking other', 'mine mine']);
    block('other');
    block('silent');
    assert.deepEqual(groups(), ['blocking silent', 'blocking other', 'mine mine']);
  });

  it('takes a file that is waited for out of the way', () => {
    const { list, groups, dirty, block, wait } = given();
    list('a', lockOf());
    dirty.add(idOf('a'));
    block('a');
    wait('a');
    assert.deepEqual(groups(), ['waiting a']);
  });

  it('tells a lost lock first, and in the way where there is unsaved text', () => {
    const { store, list, groups, dirty } = given();
    list('a', lockOf({ self: 'thisWindow', ends: 5 }));
    const mine = lockOf({ self: 'thisWindow', ends: 50 });
    list('b', mine);
    store.apply({ kind: 'lost', resource: idOf('b'), id: mine.id as LockId, why: 'broken', at: at(2) });
    assert.deepEqual(groups(), ['mine b', 'mine a']);
    dirty.add(idOf('b'));
    assert.deepEqual(groups(), ['blocking b', 'mine a']);
  });

  it("tells a folder's lock once, at the folder", () => {
    const { list, groups, lockList } = given();
    list('f', lockOf({ depth: 'tree' }));
    list('f/a', lockOf({ depth: 'tree', root: 'f' }));
    list('f/b');
    assert.deepEqual(groups(), ['others f']);
    assert.equal(lockList.entries()[0]?.view.locks.length, 1);
  });

  it("tells a folder's lock also where only its members were asked", () => {
    const { list, groups } = given();
    list('f/a', lockOf({ depth: 'tree', root: 'f' }));
    list('f/b', lockOf({ depth: 'tree', root: 'f' }));
    assert.deepEqual(groups(), ['others f']);
  });

  it('still tells a file in a locked folder that is in the way', () => {
    const { list, groups, dirty } = given();
    list('f', lockOf({ depth: 'tree' }));
    dirty.add(idOf('f/a'));
    assert.deepEqual(groups(), ['blocking f/a', 'others f']);
  });

  it('is quiet about files that never had a lock', () => {
    const { list, changes } = given();
    list('a');
    assert.equal(changes(), 0);
    list('a', lockOf());
    assert.equal(changes(), 1);
    list('a');
    assert.equal(changes(), 2);
    list('a');
    assert.equal(changes(), 2);
  });

  it('knows what was there before it', () => {
    const { store, dirty, blockedSaves, list } = given();
    list('a', lockOf());
    const { waits } = waitsByHand();
    const later = new LockList({ store, waits, blockedSaves, dirtyFiles: () => dirty });
    assert.equal(later.entries().length, 1);
    later.dispose();
  });

  it('listens to nothing after its end', () => {
    const { lockList, list, changes, block } = given();
    lockList.dispose();
    list('a', lockOf());
    block('a');
    assert.equal(changes(), 0);
  });
});
