import assert from 'node:assert/strict';
import type { Evidence } from '../../../../src/core/model/evidence';
import type { Lock, LockId } from '../../../../src/core/model/lock';
import type { LockStore } from '../../../../src/core/locks/lockStore';
import { serverOf, type ResourceId } from '../../../../src/core/model/resource';
import { Secret } from '../../../../src/core/model/secret';
import { lock, stamp } from '../../../support/builders/locks';
import { file } from '../../../support/core/files';
import { givenStore } from '../../../support/core/lockStores';

const [a, b, folder] = [file('folder/a'), file('folder/b'), file('folder')];
const server = serverOf(a);

function mine(id: string, ends?: number): Lock {
  return lock({
    id: id as LockId,
    holder: { self: 'thisWindow' },
    ...(ends !== undefined && { expiry: { kind: 'at', at: stamp(ends) } }),
  });
}

function held(resource: ResourceId, own: Lock, mono: number): Evidence {
  const { id = '' as LockId, scope, depth, expiry } = own;
  const lease = { resource, token: new Secret('t'), id, scope, depth, expiry, since: stamp(mono) };
  return { kind: 'held', lease, lock: own, at: stamp(mono) };
}

describe('What is known of locks', () => {
  it('is nothing before anybody asked', () => {
    assert.deepEqual(givenStore().of(), { kind: 'unknown', why: 'notAsked' });
  });

  it('takes an empty list for unlocked only where the server has listed a lock before', () => {
    const { list, of, store } = givenStore();
    list(a, 1);
    assert.deepEqual(of(), { kind: 'unknown', why: 'unproven', at: stamp(1) });
    list(b, 2, lock());
    assert.equal(store.listingSupportOf(server), 'seen');
    assert.deepEqual(of(), { kind: 'unlocked', proof: 'listed', at: stamp(1) });
    list(b, 3);
    assert.equal(of(b).kind, 'unlocked');
  });

  it('learns that the server lists locks for the other files in the same answer', () => {
    const { store, of } = givenStore();
    store.apply({
      kind: 'listed',
      entries: [
        { resource: a, listing: { locks: [], reported: true } },
        { resource: b, listing: { locks: [lock()], reported: true } },
      ],
      at: stamp(1),
    });
    assert.equal(of(a).kind, 'unlocked');
  });

  it('knows no locks on a server without them', () => {
    const { store, list, of } = givenStore();
    store.apply({ kind: 'lockless', folder, is: true });
    list(a, 1);
    assert.deepEqual(of(), { kind: 'unknown', why: 'noLocks', at: stamp(1) });
  });

  it('reads empty lists from before anew when it learns that a server has no locks, and when it has some after all', () => {
    const { store, list, of } = givenStore();
    list(a, 1);
    assert.deepEqual(of(), { kind: 'unknown', why: 'unproven', at: stamp(1) });
    store.apply({ kind: 'lockless', folder, is: true });
    assert.deepEqual(of(), { kind: 'unknown', why: 'noLocks', at: stamp(1) });
    store.apply({ kind: 'lockless', folder, is: false });
    assert.deepEqual(of(), { kind: 'unknown', why: 'unproven', at: stamp(1) });
  });

  it('never proves by an error that a file is unlocked', () => {
    const { store, list, of } = givenStore();
    store.apply({ kind: 'unanswered', resource: a, why: 'noLocks', at: stamp(1) });
    store.apply({
      kind: 'listed',
      entries: [{ resource: b, listing: { locks: [lock()], reported: true } }],
      at: stamp(2),
    });
    assert.deepEqual(of(), { kind: 'unknown', why: 'noLocks', at: stamp(1) });
    list(a, 3);
    assert.equal(of().kind, 'unlocked');
  });

  it('never takes an error for unlocked', () => {
    const { store, list, of } = givenStore('seen');
    list(a, 1);
    store.apply({ kind: 'unanswered', resource: a, why: 'auth', at: stamp(2) });
    assert.deepEqual(of(), { kind: 'unknown', why: 'auth', at: stamp(2) });
  });

  it('does not let an older answer take back a newer one', () => {
    const { list, of } = givenStore('seen');
    list(a, 5, lock());
    list(a, 4);
    assert.equal(of().kind, 'locked');
    list(a, 6);
    assert.equal(of().kind, 'unlocked');
  });

  describe('of a refusal', () => {
    const refuse = (store: LockStore, mono: number) =>
      store.apply({ kind: 'refused', resource: a, at: stamp(mono) });

    it('is that there is a lock, whoever has it', () => {
      const { store, of } = givenStore('seen');
      refuse(store, 1);
      assert.equal(of().kind, 'locked');
    });

    it('is less than what was listed', () => {
      const { store, list, of } = givenStore('seen');
      list(a, 1, lock({ holder: { name: 'Ann' } }));
      refuse(store, 2);
      const state = of();
      assert.equal(state.kind === 'locked' && state.locks[0]?.holder.name, 'Ann');
    });

    it('outlives an empty list only where lists prove nothing, and for two minutes', () => {
      const listing = givenStore('seen');
      refuse(listing.store, 1);
      listing.list(a, 2);
      assert.equal(listing.of().kind, 'unlocked');
      const silent = givenStore();
      refuse(silent.store, 1);
      silent.list(a, 60_000);
      assert.equal(silent.of().kind, 'locked');
      silent.list(a, 121_000);
      assert.equal(silent.of().kind, 'unknown');
    });
  });

  describe('of our own lock', () => {
    it('is not taken back by a server that lists nothing', () => {
      const { store, list, of } = givenStore();
      store.apply(held(a, mine('1', 600_000), 1));
      list(a, 5_000);
      const state = of();
      assert.equal(state.kind === 'locked' && state.locks[0]?.holder.self, 'thisWindow');
    });

    it('is taken back by a server that lists', () => {
      const { store, list, of } = givenStore('seen');
      store.apply(held(a, mine('1', 600_000), 1));
      list(a, 5_000);
      assert.equal(of().kind, 'unlocked');
    });

    it('stays while the server is not reached, until its time is over', () => {
      const { store, of } = givenStore('seen');
      store.apply(held(a, mine('1', 600_000), 1));
      store.apply({ kind: 'unanswered', resource: a, why: 'unreachable', at: stamp(500_000) });
      assert.equal(of().kind, 'locked');
      store.apply({ kind: 'unanswered', resource: a, why: 'unreachable', at: stamp(600_001) });
      assert.equal(of().kind, 'unknown');
    });

    it('is over when it was released', () => {
      const { store, of } = givenStore();
      store.apply(held(a, mine('1'), 1));
      store.apply({ kind: 'released', resource: a, id: '1' as LockId, wasHeld: true, at: stamp(2) });
      assert.deepEqual(of(), { kind: 'unlocked', proof: 'released', at: stamp(2) });
    });

    it('says after a loss that it is lost, and not that the file is free', () => {
      const { store, of } = givenStore('seen');
      store.apply(held(a, mine('1'), 1));
      store.apply({ kind: 'lost', resource: a, id: '1' as LockId, why: 'broken', at: stamp(2) });
      assert.equal(of().kind, 'unknown');
      assert.equal(store.lossOf(a), 'broken');
      store.apply(held(a, mine('2'), 3));
      assert.equal(store.lossOf(a), undefined);
    });

    it('keeps other shared locks beside a shared one', () => {
      const { store, list, of } = givenStore('seen');
      list(a, 1, lock({ scope: 'shared' }));
      store.apply(held(a, { ...mine('1'), scope: 'shared' }, 2));
      const state = of();
      assert.equal(state.kind === 'locked' && state.locks.length, 2);
      store.apply({ kind: 'released', resource: a, id: '1' as LockId, wasHeld: true, at: stamp(3) });
      assert.equal(of().kind, 'locked');
    });
  });

  describe('of a folder’s lock', () => {
    const tree = () => lock({ depth: 'tree', root: folder });

    it('counts for all that lies below, and tells of them', () => {
      const { list, of, told } = givenStore('seen');
      list(a, 1);
      told.length = 0;
      list(folder, 2, tree());
      assert.equal(of(a).kind, 'locked');
      assert.deepEqual(told.flat().sort(), [a, folder].sort());
      list(folder, 3);
      assert.equal(of(a).kind, 'unlocked');
    });

    it('has its place from the topmost folder that shows it, where the server does not say', () => {
      const { list, of } = givenStore('seen');
      const placeless = lock({ depth: 'tree' });
      const rootOf = (resource = a) => {
        const state = of(resource);
        return state.kind === 'locked' ? state.locks.map(({ root }) => root) : [];
      };
      list(a, 1, placeless);
      assert.deepEqual(rootOf(), [undefined]);
      list(folder, 2, placeless);
      assert.deepEqual(rootOf(), [folder]);
      list(a, 3, placeless);
      assert.deepEqual(rootOf(), [folder]);
      list(a, 4, lock({ depth: 'tree' }));
      assert.deepEqual(rootOf(), [undefined]);
    });

    it('gives way to a member that was asked later', () => {
      const { list, of } = givenStore('seen');
      list(folder, 2, tree());
      list(a, 3);
      assert.equal(of(a).kind, 'unlocked');
      assert.equal(of(b).kind, 'locked');
    });

    it('is one lock where the member lists it too', () => {
      const { list, of } = givenStore('seen');
      const one = tree();
      list(folder, 2, one);
      list(a, 2, one);
      const state = of(a);
      assert.equal(state.kind === 'locked' && state.locks.length, 1);
    });

    it('does not count from a member that only shows it', () => {
      const { list, of } = givenStore('seen');
      list(a, 1, tree());
      assert.equal(of(file('folder/a/below')).kind, 'unknown');
    });
  });

  it('goes with what was deleted or moved away', () => {
    const { store, list, of } = givenStore('seen');
    list(a, 1, lock());
    list(b, 1, lock());
    store.apply({ kind: 'gone', resources: [folder] });
    assert.deepEqual(of(a), { kind: 'unknown', why: 'notAsked' });
    assert.deepEqual([...store.resources()], []);
  });

  it('says that a server lists no locks only after an answer without lockdiscovery', () => {
    const { store, list, of } = givenStore();
    const why = () => store.viewOf(a).why;
    list(a, 1);
    assert.equal(why(), 'unproven', 'an empty list');
    store.apply({
      kind: 'listed',
      entries: [{ resource: a, listing: { locks: [], reported: false } }],
      at: stamp(2),
    });
    assert.equal(why(), 'notListed', 'no list');
    list(a, 3);
    assert.equal(why(), 'unproven');
    list(b, 4, lock());
    assert.equal(of().kind, 'unlocked');
  });

  it('does not take silence for unlocked, whatever the server lists elsewhere', () => {
    const { store, of, list } = givenStore('seen');
    const silent = (mono: number) =>
      store.apply({
        kind: 'listed',
        entries: [{ resource: a, listing: { locks: [], reported: false } }],
        at: stamp(mono),
      });
    silent(1);
    assert.deepEqual(of(), { kind: 'unknown', why: 'unproven', at: stamp(1) }, 'it does list locks');
    list(a, 2);
    assert.equal(of().kind, 'unlocked');
    silent(3);
    assert.equal(of().kind, 'unknown');
    store.apply(held(a, mine('m'), 4));
    silent(5);
    assert.equal(of().kind, 'locked');
  });

  it('does not take silence from before for unlocked once the server has listed a lock', () => {
    const { store, of, list } = givenStore();
    store.apply({
      kind: 'listed',
      entries: [{ resource: a, listing: { locks: [], reported: false } }],
      at: stamp(1),
    });
    list(b, 2, lock());
    assert.equal(of().kind, 'unknown');
  });

  it('does not take silence for unlocked, however often it is read anew', () => {
    const unread: readonly Evidence[] = [
      { kind: 'listed', entries: [{ resource: a, listing: { locks: [], reported: false } }], at: stamp(1) },
      { kind: 'unanswered', resource: a, why: 'noLocks', at: stamp(1) },
    ];
    for (const silence of unread) {
      const { store, of, list } = givenStore();
      store.apply(silence);
      for (const is of [true, false]) store.apply({ kind: 'lockless', folder, is });
      list(b, 2, lock());
      store.apply({ kind: 'lockless', folder: file('other'), is: false });
      assert.equal(of().kind, 'unknown', silence.kind);
    }
  });
});
