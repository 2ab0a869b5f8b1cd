import assert from 'node:assert/strict';
import { TreeLocked } from '../../../../src/core/saving/relocation';
import { childOf, serverOf } from '../../../../src/core/model/resource';
import { maxScanMs, scanTree } from '../../../../src/core/saving/treeGuard';
import { settle } from '../../../support/core/fakeClock';
import { bytesOf } from '../../../support/core/files';
import { a, deep, folder, givenFolder as given, other } from '../../../support/core/relocating';

describe('Moving and deleting', () => {
  it('refuses a folder with somebody’s locked file deep in it, before anything is sent', async () => {
    const { server, ann, move, remove } = await given();
    server.lockFor('bob', deep);
    for (const attempt of [() => remove(folder), () => move(folder, other)]) {
      await assert.rejects(attempt, (error: unknown) => {
        assert.ok(error instanceof TreeLocked);
        assert.deepEqual(
          error.blockingLocks.map(({ resource, lock }) => [resource, lock.holder.name]),
          [[deep, 'bob']],
        );
        return true;
      });
    }
    assert.equal(ann.client.count('remove') + ann.client.count('move'), 0);
    assert.equal(server.text(deep), 'base');
  });

  it('locks the whole folder first on a server that lists no locks, and goes no further where that is refused', async () => {
    const { server, ann, move, remove } = await given({ lists: false, enforces: false });
    const lock = server.lockFor('bob', deep);
    await ann.leases.take(a, 'edit');
    for (const attempt of [() => remove(folder), () => move(folder, other)])
      await assert.rejects(attempt, { kind: 'locked' });
    assert.equal(ann.client.count('remove') + ann.client.count('move'), 0);
    assert.equal(server.text(deep), 'base');
    assert.equal(server.lockOn(a)?.who, 'ann', 'our own lock is taken again');
    server.locks.delete(deep);
    assert.equal(server.lockOn(deep), undefined, lock.token);
    await move(folder, other);
    assert.equal(server.lockOn(childOf(other, 'a'))?.who, 'ann');
    assert.equal(server.lockOn(folder), undefined, 'nothing is left of the lock on the folder');
    await remove(other);
    assert.equal(server.files.size, 0);
    assert.equal(server.locks.size, 0);
  });

  it('deletes a folder that cannot be locked where every member has told its locks', async () => {
    for (const [kind, status, deleted] of [
      ['serverFault', 500, true],
      ['timeout', 0, false],
    ] as const) {
      const { server, ann, remove } = await given();
      ann.store.restoreListingSupport(serverOf(a), 'unproven');
      ann.client.fail('lock', kind, { facts: { status } });
      const failed = await remove(folder).then(
        () => false,
        () => true,
      );
      assert.equal(failed, !deleted);
      assert.equal(server.text(deep) === undefined, deleted);
    }
  });

  it('refuses to overwrite what somebody has locked', async () => {
    const { server, move } = await given();
    server.put(other, 'theirs');
    server.lockFor('bob', other);
    await assert.rejects(move(a, other, true), TreeLocked);
    assert.equal(server.text(other), 'theirs');
  });

  it('looks through a tree of a thousand folders', async () => {
    const { server, remove } = await given();
    const subs = Array.from({ length: 1_000 }, (_, index) => childOf(folder, `sub${index}`));
    for (const sub of subs) server.folders.add(sub);
    const last = childOf(childOf(folder, 'sub999'), 'x');
    server.put(last, 'base');
    server.lockFor('bob', last);
    await assert.rejects(remove(folder), (error: unknown) => {
      assert.ok(error instanceof TreeLocked);
      assert.deepEqual([error.complete, error.blockingLocks.map(({ resource }) => resource)], [true, [last]]);
      return true;
    });
    server.break(last);
    await remove(folder);
    assert.equal(server.text(deep), undefined);
  });

  it('refuses a tree that takes too long to look through, and says that it was not looked at', async () => {
    const { ann } = await given();
    /** Two rounds of questions, with so much time between them. */
    const look = (ms: number) => {
      let mono = 0;
      const clock = { now: () => ({ mono: (mono += ms), wall: 0 }) };
      return scanTree({ directory: ann.directory, store: ann.store, clock }, folder);
    };
    assert.deepEqual(await look(maxScanMs / 2 + 1), { blockingLocks: [], complete: false });
    assert.deepEqual(await look(maxScanMs / 2), { blockingLocks: [], complete: true });
  });

  it('deletes under our own lock, which goes with the file', async () => {
    const { server, ann, remove, clock } = await given();
    await ann.leases.take(a, 'hand');
    await remove(folder);
    assert.equal(server.files.size, 0);
    assert.deepEqual(ann.leases.held(), []);
    assert.equal(clock.pending, 0);
  });

  it('takes our locks again under the new names, with who wanted them', async () => {
    const { server, ann, move } = await given();
    await ann.leases.take(a, 'hand');
    await ann.leases.take(deep, 'edit');
    await move(folder, other);
    const moved = childOf(other, 'a');
    assert.equal(server.lockOn(moved)?.who, 'ann');
    assert.deepEqual([...ann.leases.claimsOn(moved)], ['hand']);
    assert.deepEqual([...ann.leases.claimsOn(childOf(childOf(other, 'sub'), 'deep'))], ['edit']);
    assert.equal(ann.leases.held().length, 2);
  });

  it('takes along what unsaved text was made from, and has the content prove it', async () => {
    for (const changed of [false, true]) {
      const { ann, server, clock, move } = await given();
      await ann.open(a);
      await move(folder, other);
      const moved = childOf(other, 'a');
      if (changed) server.put(moved, 'by bob');
      const mode = { mustBeNew: false, mayReplaceUnseen: false };
      const saving = ann.saver.save(moved, bytesOf('mine'), mode).then(
        () => 'saved',
        (error: { kind: string }) => error.kind,
      );
      await clock.pass(5_000);
      assert.equal(await saving, changed ? 'contentChanged' : 'saved');
      assert.equal(server.text(moved), changed ? 'by bob' : 'mine');
    }
  });

  it('is done although a lock cannot be taken again', async () => {
    const { server, ann, move, problems } = await given();
    await ann.leases.take(a, 'hand');
    ann.client.fail('lock', 'serverFault');
    await move(a, other);
    assert.equal(server.text(other), 'base');
    assert.equal(problems.length, 1);
  });

  it('waits for a lock that is on its way', async () => {
    const { server, ann, move } = await given();
    const taking = ann.leases.take(a, 'hand');
    await move(a, other);
    await taking;
    assert.equal(server.lockOn(a), undefined);
    assert.equal(server.lockOn(other)?.who, 'ann');
  });

  it('is over before a lost lock is taken again, which would make an empty file under the old name', async () => {
    const { server, ann, move, remove, clock } = await given();
    for (const leave of [() => move(a, other), () => remove(other)]) {
      const from = server.text(a) === undefined ? other : a;
      await ann.open(from);
      await ann.leases.take(from, 'hand');
      server.restart();
      const gates: (() => void)[] = [];
      let stats = 0;
      ann.client.travel = (operation, way) => {
        const isRecovery = operation === 'stat' && (stats += 1) === 1;
        const isLeaving = way === 'there' && (operation === 'move' || operation === 'remove');
        return isRecovery || isLeaving ? new Promise((resolve) => gates.push(resolve)) : Promise.resolve();
      };
      for (const lease of ann.leases.held()) await ann.leases.verify(lease);
      const before = ann.client.calls.length;
      const left = leave();
      await settle();
      while (gates.length > 0) {
        gates.shift()?.();
        await settle();
      }
      await left;
      await clock.pass(1);
      const lockRequests = ann.client.calls.slice(before).filter((call) => call === `lock ${from}`);
      assert.deepEqual([server.text(from), lockRequests, ann.losses], [undefined, [], []]);
      ann.client.travel = () => Promise.resolve();
    }
  });

  it('does not take what it was to replace for what it has moved', async () => {
    const { server, ann, move } = await given();
    server.put(other, 'same');
    ann.client.fail('move', 'interrupted');
    ann.client.travel = async (operation, way) => {
      await Promise.resolve();
      if (operation === 'move' && way === 'back') server.files.delete(a);
    };
    await assert.rejects(move(a, other, true), { kind: 'interrupted' });
  });

  for (const lists of [true, false])
    it(`goes on where the server has forgotten our lock, listing it: ${lists}`, async () => {
      const { server, ann, move, remove, clock } = await given({ lists });
      await ann.leases.take(a, 'hand');
      server.restart();
      const moving = move(a, other);
      await clock.pass(1_000);
      await moving;
      assert.equal(server.text(other), 'base');
      assert.equal(server.lockOn(other)?.who, 'ann');
      server.restart();
      const removing = remove(other);
      await clock.pass(1_000);
      await removing;
      assert.equal(server.text(other), undefined);
      assert.deepEqual(ann.leases.held(), []);
    });

  it('asks about its own lock where another one is seen in its place', async () => {
    const { server, ann, move, clock } = await given();
    await ann.leases.take(a, 'hand');
    server.restart();
    // As on a server that answers the refresh of a dead lock with a new one, which is let go again.
    server.lockFor('nobody', a);
    ann.client.travel = async (operation, way) => {
      await new Promise<void>((resolve) => void clock.after(operation === 'refresh' ? 5 : 1, resolve));
      if (operation === 'refresh' && way === 'there') server.restart();
    };
    const moving = move(a, other);
    await clock.pass(1_000);
    await moving;
    assert.equal(server.text(other), 'base');
    assert.equal(server.lockOn(other)?.who, 'ann');
  });

  it('asks about a lock whose time went by before it submits it', async () => {
    const { server, ann, move, clock } = await given();
    await ann.leases.take(a, 'hand');
    clock['mono'] += 700_000;
    await move(a, other);
    assert.equal(ann.client.count('move'), 1);
    assert.equal(server.text(other), 'base');
  });

  it('looks again for locks of others before it goes on without its own', async () => {
    const { server, ann, move } = await given();
    await ann.leases.take(a, 'hand');
    ann.client.travel = async (operation, way) => {
      await Promise.resolve();
      if (operation !== 'move' || way !== 'there') return;
      server.restart();
      server.lockFor('bob', deep);
    };
    await assert.rejects(move(folder, other), TreeLocked);
    assert.equal(ann.client.count('move'), 1);
    assert.equal(server.text(deep), 'base');
  });

  it('is not done where it never arrived, and keeps our lock', async () => {
    const { server, ann, move } = await given();
    await ann.leases.take(a, 'hand');
    ann.client.fail('move', 'interrupted');
    await assert.rejects(move(a, other), { kind: 'interrupted' });
    assert.equal(server.text(a), 'base');
    assert.equal(ann.leases.held().length, 1);
  });

  it('copies what somebody else has locked, and locks nothing by it', async () => {
    const { server, clock, relocation } = await given();
    server.lockFor('bob', a);
    await clock.pass(1);
    await relocation.transfer({ how: 'copy', from: a, to: other, overwrite: false });
    assert.equal(server.text(other), 'base');
    assert.equal(server.lockOn(other), undefined);
  });
});
