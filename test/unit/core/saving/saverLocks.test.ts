import assert from 'node:assert/strict';
import { settle } from '../../../support/core/fakeClock';
import { bytesOf } from '../../../support/core/files';
import { given, kindOf, saved, saveMode, saving as a } from '../../../support/core/saving';

describe('Saving after our lock stopped standing', () => {
  for (const lists of [true, false]) {
    describe(lists ? 'on a server that lists' : 'on a server that does not list', () => {
      it('takes it again where it is free and writes', async () => {
        const it = await given({ lists });
        await it.ann.leases.take(a, 'edit');
        it.server.break(a);
        assert.equal(await kindOf(it), undefined);
        assert.equal(it.server.text(a), 'mine');
        await settle();
        assert.equal(it.server.lockOn(a)?.who, 'ann', 'the document is still being edited');
      });

      it('says whose it is where somebody else has it', async () => {
        const it = await given({ lists });
        await it.ann.leases.take(a, 'edit');
        it.server.break(a);
        it.server.lockFor('bob', a);
        assert.equal(await kindOf(it), 'locked');
        assert.equal(it.server.text(a), 'base');
      });
    });
  }

  it('keeps no lock that was taken only for the save', async () => {
    const it = await given();
    await it.ann.leases.take(a, 'wait');
    it.server.break(a);
    const saving = saved(it);
    await it.ann.leases.drop(a, 'wait').catch(() => undefined);
    assert.equal(await saving, undefined);
    await settle();
    assert.equal(it.server.lockOn(a), undefined);
    assert.deepEqual(it.ann.leases.held(), []);
  });

  it('keeps no lock that was taken only for the save and lost during it', async () => {
    const it = await given();
    await it.ann.leases.take(a, 'save');
    // Broken before each write: the second time it is refused, while it is still asked whether to take the lock again.
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let losses = 0;
    it.ann.leases.onDidLose(() => (losses += 1));
    it.client.travel = (operation, way) => {
      if (operation === 'write' && way === 'there') it.server.break(a);
      return operation === 'stat' && losses === 2 ? gate : Promise.resolve();
    };
    assert.equal(await kindOf(it), 'leaseLost');
    open();
    await it.clock.pass(10_000);
    assert.equal(it.server.lockOn(a), undefined);
    assert.deepEqual(it.ann.leases.held(), []);
  });

  it('does not wait for the answer to the release of its own lock', async () => {
    const it = await given();
    await it.ann.leases.take(a, 'wait');
    it.server.break(a);
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    it.client.travel = (operation, way) => {
      // The wait is over while the save goes on under a lock of its own.
      if (operation === 'lock' && way === 'back') void it.ann.leases.drop(a, 'wait');
      return operation === 'unlock' ? gate : Promise.resolve();
    };
    let isDone = false;
    const save = it.ann.saver.save(a, bytesOf('mine'), saveMode).then(() => (isDone = true));
    await it.clock.pass(3_000);
    assert.equal(it.server.text(a), 'mine');
    assert.ok(it.server.lockOn(a), 'the lock is not let go yet');
    assert.ok(isDone);
    open();
    await save;
    await settle();
    assert.equal(it.server.lockOn(a), undefined);
    assert.deepEqual(it.ann.leases.held(), []);
  });

  for (const lists of [true, false])
    it(`waits for our lock where the server has given it and is slow to say so, listing it: ${lists}`, async () => {
      const it = await given({ lists });
      let open = () => undefined as void;
      const gate = new Promise<void>((resolve) => (open = resolve));
      it.client.travel = (operation, way) =>
        operation === 'lock' && way === 'back' ? gate : Promise.resolve();
      const taken = it.ann.leases.take(a, 'edit');
      const saving = it.ann.saver.save(a, bytesOf('mine'), saveMode);
      await it.clock.pass(10_000);
      assert.equal(it.ann.blockedSaves.of(a), undefined);
      assert.equal(it.server.text(a), 'base');
      open();
      await taken;
      await saving;
      assert.equal(it.server.text(a), 'mine');
    });

  it('asks before it writes where the lease’s time went by', async () => {
    const it = await given({ honorsIfMatch: false, tags: 'second' });
    await it.ann.leases.take(a, 'edit');
    await it.ann.leases.verify(it.ann.leases.held()[0] as never);
    // Everybody slept through the end of the lock, and a colleague woke first.
    it.clock['mono'] += 700_000;
    it.server.put(a, 'hers');
    it.server.lockFor('bob', a);
    assert.equal(await kindOf(it), 'contentChanged');
    assert.equal(it.server.text(a), 'hers');
    assert.deepEqual(it.ann.leases.held(), []);
  });
});
