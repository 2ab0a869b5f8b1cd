// Locks on folders with many members: what is told of them, and how much at a time.
import assert from 'node:assert/strict';
import { LockStore } from '../../../../src/core/locks/lockStore';
import type { Lock, LockId } from '../../../../src/core/model/lock';
import { serverOf, type ResourceId } from '../../../../src/core/model/resource';
import { lock, stamp } from '../../../support/builders/locks';
import { FakeClock } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { givenStore } from '../../../support/core/lockStores';

const [a, b, folder] = [file('folder/a'), file('folder/b'), file('folder')];
const server = serverOf(a);

describe('The lock of a large folder', () => {
  it('tells of every member under a tree once, and of a folder of 150,000 as of one of two', () => {
    const { store, told } = givenStore();
    const members = Array.from({ length: 150_000 }, (_, index) => file(`folder/${index}`));
    const tree = lock({ id: 't' as LockId, depth: 'tree', root: folder });
    const entries = [folder, ...members].map((resource) => ({
      resource,
      listing: { locks: resource === folder ? [tree] : [], reported: true },
    }));
    store.apply({ kind: 'listed', entries, at: stamp(1) });
    store.apply({ kind: 'listed', entries, at: stamp(2) });
    assert.deepEqual(
      told.map(({ length }) => length),
      [150_001, 150_001],
    );
    store.apply({ kind: 'gone', resources: members });
    assert.deepEqual([...store.resources()], [folder]);
  });

  it('tells the members of a large locked folder some at a time, and reads them as locked at once', async () => {
    const clock = new FakeClock();
    const store = new LockStore(clock);
    store.restoreListingSupport(server, 'seen');
    const members = Array.from({ length: 5_000 }, (_, index) => file(`folder/${index}`));
    const listed = (resource: ResourceId, ...locks: Lock[]) => ({
      resource,
      listing: { locks, reported: true },
    });
    const entries = members.map((resource) => listed(resource));
    store.apply({ kind: 'listed', entries, at: stamp(1) });
    const told: number[] = [];
    const all = new Set<ResourceId>();
    store.onDidChange((resources) => {
      told.push(resources.length);
      for (const id of resources) all.add(id);
    });
    const tree = lock({ id: 't' as LockId, depth: 'tree' });
    store.apply({ kind: 'listed', entries: [listed(folder, tree)], at: stamp(2) });
    assert.equal(store.stateOf(file('folder/4999')).kind, 'locked');
    await clock.pass(0);
    assert.deepEqual(told, [2_001, 2_000, 1_000]);
    assert.equal(all.size, 5_001);
    assert.equal(clock.pending, 0);
  });

  it('tells nothing of members that list the lock of their folder themselves', () => {
    const { store, told, list } = givenStore('seen');
    const tree = lock({ id: 't' as LockId, depth: 'tree' });
    list(a, 1, tree);
    list(b, 1);
    told.length = 0;
    list(folder, 2, tree);
    assert.deepEqual(told, [[folder, b]]);
    list(folder, 3);
    assert.deepEqual(told.at(-1), [folder, b]);
    assert.equal(store.stateOf(a).kind, 'locked');
  });

  it('takes a folder in which every member is said to be a tree of its own', () => {
    const { store, told, of } = givenStore();
    const entries = Array.from({ length: 20_000 }, (_, index) => {
      const resource = file(`folder/${index}`);
      return { resource, listing: { locks: [lock({ depth: 'tree', root: resource })], reported: true } };
    });
    // In one pass: one for each member would take minutes.
    for (let times = 1; times < 4; times++) store.apply({ kind: 'listed', entries, at: stamp(times) });
    assert.equal(told.at(-1)?.length, 20_000);
    assert.equal(of(file('folder/7')).kind, 'locked');
  });

  it('shows what lies below few of many locks on a tree, and ours among them', () => {
    const { list, of } = givenStore();
    const trees = Array.from({ length: 200 }, (_, n) => lock({ id: `t${n}` as LockId, depth: 'tree' }));
    list(folder, 1, ...trees, {
      ...lock({ id: 'm' as LockId, holder: { self: 'thisWindow' } }),
      depth: 'tree',
    });
    const state = of();
    assert.ok(state.kind === 'locked');
    assert.equal(state.locks.length, 8);
    assert.ok(state.locks.some(({ id }) => id === 'm'));
  });
});
