import assert from 'node:assert/strict';
import type { Claim, Lease } from '../../../../src/core/model/lease';
import { MemoryLeases } from '../../../support/core/core';
import { FakeClock, settle } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { goodHabits, ModelServer, type Habits } from '../../../support/core/modelServer';
import { Person } from '../../../support/core/person';

const a = file('a');
const b = file('b');

/** A window after another has ended that held locks on `a` and `b`. */
async function given(claims: readonly Claim[] = ['edit'], habits: Partial<Habits> = {}, here = true) {
  const clock = new FakeClock();
  const server = new ModelServer(clock, { ...goodHabits, ...habits });
  for (const id of [a, b]) server.put(id, 'base');
  const before = new Person('ann', server, clock, { lockOn: 'manual' });
  const leaseStorage = new MemoryLeases();
  for (const id of [a, b]) {
    const lease = await before.leases.take(id, 'edit');
    leaseStorage.left.push({ here, kept: { lease, claims: id === a ? claims : ['edit'] } });
  }
  before.dispose();
  const ann = new Person('ann', server, clock, { leaseStorage });
  const recovery = ann.core.leaseRecovery;
  ann.learnsToList(a);
  const left = () => recovery.leftovers().map(({ resource }) => resource);
  return { clock, server, leaseStorage, recovery, ann, problems: ann.problems, left };
}

describe('Leases of an earlier run', () => {
  it('are taken up where the file is wanted again, and not locked anew', async () => {
    const { recovery, ann, server, left } = await given();
    const token = server.lockOn(a)?.token;
    void recovery.start();
    await ann.open(a);
    ann.type(a, 'unsaved text that came back');
    await settle();
    assert.equal(server.lockOn(a)?.token, token);
    assert.equal(ann.client.count('lock'), 0);
    assert.deepEqual(left(), [b]);
    assert.equal(await ann.save(a), true);
  });

  it('are waited for by who types before they are known', async () => {
    const { recovery, ann, leaseStorage } = await given();
    let open = () => undefined as void;
    leaseStorage.gate = new Promise((resolve) => (open = resolve));
    void recovery.start();
    await ann.open(a);
    ann.type(a, 'mine');
    await settle();
    assert.equal(ann.client.count('lock'), 0);
    open();
    await settle();
    assert.equal(ann.leases.held().length, 1);
    assert.equal(ann.client.count('lock'), 0);
  });

  it('are taken up by themselves where they were taken by hand', async () => {
    const { recovery, ann, left, clock, server } = await given(['hand']);
    await recovery.start();
    assert.deepEqual([...ann.leases.claimsOn(a)], ['hand']);
    assert.deepEqual(left(), [b]);
    await clock.pass(3_600_000);
    assert.equal(server.lockOn(a)?.who, 'ann');
  });

  for (const offlineMs of [15_000, 50_000])
    it(`are taken up soon after ${offlineMs} ms without a network, by hand or for text that is back`, async () => {
      const { recovery, ann, clock, server } = await given(['hand']);
      const tokens = () => [a, b].map((id) => server.lockOn(id)?.token);
      const before = tokens();
      await ann.open(b);
      ann.client.offline = true;
      await recovery.start();
      ann.type(b, 'unsaved text that came back');
      await clock.pass(offlineMs);
      assert.deepEqual(ann.leases.held(), []);
      ann.client.offline = false;
      await clock.pass(12_000);
      assert.deepEqual([...ann.leases.claimsOn(a)], ['hand']);
      assert.deepEqual([...ann.leases.claimsOn(b)], ['edit']);
      await clock.pass(3_600_000);
      assert.deepEqual(tokens(), before);
    });

  it('stay taken by hand where somebody edits before they could be taken up', async () => {
    const { recovery, ann, clock } = await given(['hand']);
    await ann.open(a);
    ann.client.offline = true;
    await recovery.start();
    ann.client.offline = false;
    ann.type(a, 'mine');
    await settle();
    assert.deepEqual([...ann.leases.claimsOn(a)].sort(), ['edit', 'hand']);
    await clock.pass(21_000);
    assert.equal(ann.client.count('lock'), 0);
  });

  it('of other workspaces are not taken up by themselves', async () => {
    const { recovery, ann, clock, left } = await given(['hand'], {}, false);
    await recovery.start();
    await clock.pass(21_000);
    assert.deepEqual(ann.leases.held(), []);
    assert.deepEqual(left().sort(), [a, b]);
  });

  it('are locked anew where they are no longer held', async () => {
    const { recovery, ann, server, left } = await given();
    server.restart();
    void recovery.start();
    await ann.leases.take(a, 'edit');
    assert.equal(server.lockOn(a)?.who, 'ann');
    assert.equal(ann.client.count('lock'), 1);
    assert.deepEqual(left(), [b]);
  });

  it('stay left where the server cannot be asked', async () => {
    const { recovery, ann, left } = await given();
    void recovery.start();
    ann.client.offline = true;
    await assert.rejects(ann.leases.take(a, 'edit'), { kind: 'unreachable' });
    assert.deepEqual(left().sort(), [a, b]);
    ann.client.offline = false;
    await ann.leases.take(a, 'edit');
    assert.deepEqual(left(), [b]);
  });

  it('of other workspaces are left alone at first', async () => {
    const { recovery, clock, left } = await given(['edit'], {}, false);
    await recovery.start();
    await clock.pass(19_000);
    assert.deepEqual(left(), []);
    await clock.pass(2_000);
    assert.deepEqual(left().sort(), [a, b]);
  });

  it('are not shown where the server no longer lists them', async () => {
    const { recovery, clock, left, server } = await given();
    await recovery.start();
    server.break(b);
    await clock.pass(21_000);
    assert.deepEqual(left(), [a]);
  });

  it('are not shown where their file was deleted', async () => {
    const { recovery, clock, server, problems } = await given();
    await recovery.start();
    server.files.delete(b);
    await clock.pass(21_000);
    assert.deepEqual(
      recovery.checkedLeftovers().map(({ resource }) => resource),
      [a],
    );
    assert.deepEqual(problems, []);
  });

  it('are shown no longer than they last', async () => {
    const { recovery, clock, server } = await given();
    await recovery.start();
    await clock.pass(21_000);
    assert.equal(recovery.checkedLeftovers().length, 2);
    server.break(b);
    await clock.pass(5 * 60_000);
    assert.deepEqual(
      recovery.checkedLeftovers().map(({ resource }) => resource),
      [a],
    );
    await clock.pass(5 * 60_000);
    assert.deepEqual(recovery.checkedLeftovers(), [], 'their time is over');
  });

  it('are found also where storage could not be read at first, or where a window ended later', async () => {
    const { recovery, clock, leaseStorage, left, problems } = await given();
    leaseStorage.gate = Promise.reject(new Error('the secret store is locked'));
    await recovery.start();
    await clock.pass(21_000);
    assert.equal(problems.length, 2);
    assert.deepEqual(left(), []);
    leaseStorage.gate = Promise.resolve();
    await clock.pass(5 * 60_000);
    assert.deepEqual(left().sort(), [a, b]);
  });

  it('that were being released are released without being asked, and waited for by who wants one', async () => {
    const { recovery, clock, server, left, ann, leaseStorage } = await given([]);
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    ann.client.travel = (operation) => (operation === 'unlock' ? gate : Promise.resolve());
    void recovery.start();
    await settle();
    const taking = ann.leases.take(a, 'edit');
    await settle();
    assert.equal(ann.client.count('unlock'), 1);
    assert.equal(ann.client.count('refresh') + ann.client.count('lock'), 0);
    open();
    await taking;
    assert.equal(server.lockOn(a)?.who, 'ann');
    assert.deepEqual(left(), [b]);
    await clock.pass(0);
    assert.deepEqual(
      leaseStorage.kept.map(({ lease, claims }) => [lease.resource, claims]),
      [
        [a, ['edit']],
        [b, ['edit']],
      ],
    );
  });

  it('that were being released stay left where the server does not answer', async () => {
    const { recovery, clock, server, left, ann } = await given([]);
    ann.client.fail('unlock', 'unreachable');
    await recovery.start();
    assert.deepEqual(left().sort(), [a, b]);
    assert.equal(server.lockOn(a)?.who, 'ann');
    await clock.pass(21_000);
    assert.deepEqual(left(), [b]);
    assert.equal(server.lockOn(a), undefined);
  });

  it('leave no timer behind', async () => {
    const { recovery, clock, ann } = await given();
    await recovery.start();
    await clock.pass(10 * 60_000);
    const looking = clock.pass(5 * 60_000);
    recovery.dispose();
    ann.dispose();
    await looking;
    assert.equal(clock.pending, 0);
  });

  it('are shown on a server that lists nothing until their time is over', async () => {
    for (const [wait, asleep, count] of [
      [0, 0, 2],
      [700_000, 0, 0],
      [0, 700_000, 0],
    ] as const) {
      const { recovery, clock, left, ann } = await given(['edit'], { lists: false });
      ann.store.restoreListingSupport('https://h' as never, 'unproven');
      await clock.pass(wait);
      clock.wallOffset += asleep;
      await recovery.start();
      await clock.pass(21_000);
      assert.equal(left().length, count);
    }
  });

  it('are each the later one where two windows left a lock on the same file', async () => {
    const { recovery, leaseStorage } = await given();
    const [first] = leaseStorage.left;
    assert.ok(first);
    const { lease } = first.kept;
    const older = { ...lease, id: 'older' as Lease['id'], since: { mono: 0, wall: lease.since.wall - 1 } };
    leaseStorage.left.push({ here: true, kept: { lease: older, claims: ['edit'] } });
    await recovery.start();
    assert.equal((await recovery.leftoverOn(a))?.lease.id, lease.id);
  });

  it('can be released', async () => {
    const { recovery, server, left, leaseStorage } = await given();
    await recovery.start();
    for (const lease of recovery.leftovers()) await recovery.release(lease);
    assert.equal(server.lockOn(a), undefined);
    assert.deepEqual(left(), []);
    assert.deepEqual(leaseStorage.kept, []);
  });

  it('stay on the shelf with what is held now', async () => {
    const { recovery, ann, leaseStorage, clock } = await given();
    await recovery.start();
    await ann.open(a);
    ann.type(a, 'mine');
    await clock.pass(0);
    assert.deepEqual(
      leaseStorage.kept.map(({ lease, claims }) => [lease.resource, claims]),
      [
        [a, ['edit']],
        [b, ['edit']],
      ],
    );
  });

  it('cost nothing but a line in the log where storage fails', async () => {
    const { recovery, ann, leaseStorage, problems, server } = await given();
    server.restart();
    leaseStorage.gate = Promise.reject(new Error('the secret store is locked'));
    await recovery.start();
    await ann.leases.take(a, 'edit');
    assert.equal(problems.length, 1);
    assert.equal(server.lockOn(a)?.who, 'ann');
  });

  it('are not waited for where storage never answers', async () => {
    const { recovery, ann, leaseStorage, clock, server } = await given();
    leaseStorage.gate = new Promise(() => undefined);
    server.break(a);
    void recovery.start();
    await ann.open(a);
    ann.type(a, 'mine');
    await clock.pass(10_000);
    assert.equal(ann.leases.held().length, 1);
    const released = ann.leases.releaseAll();
    await settle();
    assert.deepEqual(await released, { released: 1, failed: [] });
  });
});
