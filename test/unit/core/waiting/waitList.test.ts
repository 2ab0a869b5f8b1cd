import assert from 'node:assert/strict';
import { settle } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { armed, atWorkS, given } from '../../../support/core/waiting';

const a = file('a');
const minute = 60_000;

describe('Waiting for a lock', () => {
  for (const lists of [true, false]) {
    describe(lists ? 'that the server lists' : 'that the server does not list', () => {
      it('saves the newest text when it becomes free, and lets the lock go again', async () => {
        const { clock, server, ann, ends } = await given({ lists });
        await clock.pass(minute);
        ann.type(a, 'mine, newer');
        server.break(a);
        await clock.pass(2 * minute);
        assert.deepEqual(ends(), ['saved']);
        assert.equal(server.text(a), 'mine, newer');
        assert.equal(server.writes.at(-1)?.locked, true);
        assert.equal(server.lockOn(a), undefined);
        assert.equal(ann.blockedSaves.of(a), undefined);
        assert.equal(clock.pending, 0);
      });

      it('asks politely', async () => {
        const { clock, client } = await given({ lists });
        client.calls.length = 0;
        await clock.pass(10 * minute);
        const { length } = client.calls;
        // This server answers at once; where nothing is listed, each look is followed by an attempt and another look.
        assert.ok(length >= 250 && length <= (lists ? 310 : 930), `${length} requests in ten minutes`);
      });
    });
  }

  it('looks just after the end of a lock that tells it', async () => {
    const { clock, lock, ends } = await given();
    await clock.pass(20 * minute);
    lock.ends = clock.now().mono + 5 * minute;
    await clock.pass(minute + 30_000);
    await clock.pass(3 * minute + 32_000);
    assert.deepEqual(ends(), ['saved']);
  });

  it('takes good news from anywhere', async () => {
    const { clock, server, ann, ends } = await given();
    // Between two of its own looks.
    await clock.pass(30 * minute + 1_000);
    server.break(a);
    await ann.directory.stat(a, 0);
    await clock.pass(10);
    assert.deepEqual(ends(), ['saved']);
  });

  it('overwrites nothing that changed, and waits for the person', async () => {
    const { clock, server, ann, ends } = await given();
    server.put(a, 'theirs');
    server.break(a);
    await clock.pass(2 * minute);
    assert.equal(ann.waits.of(a)?.phase, 'conflict');
    assert.equal(server.text(a), 'theirs');
    assert.equal(server.lockOn(a), undefined, 'nobody is kept out while the person thinks');
    ann.baseVersions.setShown(a, { ...(await ann.client.read(a)), certain: true });
    await ann.save(a);
    assert.deepEqual(ends(), ['saved']);
    assert.equal(server.text(a), 'mine');
  });

  it('gives up after its limit and says so', async () => {
    const { clock, ann, ends } = await given({}, 10 * minute);
    await clock.pass(9 * minute);
    assert.deepEqual(ends(), []);
    await clock.pass(minute + 1);
    assert.deepEqual(ends(), ['gaveUp']);
    assert.equal(ann.isDirty(a), true);
    assert.equal(clock.pending, 0);
  });

  it('ends when the document is saved, thrown away or closed', async () => {
    const saved = await given();
    saved.server.break(a);
    await saved.ann.save(a);
    await saved.clock.pass(1_000);
    assert.deepEqual(saved.ends(), ['saved']);

    const reverted = await given();
    await reverted.ann.revert(a);
    assert.deepEqual(reverted.ends(), ['stopped']);

    const closed = await given();
    closed.ann.close(a);
    assert.deepEqual(closed.ends(), ['closed']);
    await closed.clock.pass(1_000);
    assert.equal(closed.clock.pending, 0);
  });

  it('ends with the changes although no save was ever refused, and touches nothing then', async () => {
    const { clock, server, ann, ends, client } = await armed();
    await ann.revert(a);
    assert.deepEqual(ends(), ['stopped']);
    server.break(a);
    await clock.pass(5 * minute);
    assert.equal(client.count('lock'), 0);
    assert.deepEqual(ends(), ['stopped']);
    assert.equal(clock.pending, 0);
  });

  it('ends with a save by hand although none was ever refused', async () => {
    const { clock, server, ann, ends, client } = await armed();
    server.break(a);
    assert.equal(await ann.save(a), true);
    await clock.pass(5 * minute);
    assert.equal(client.count('write'), 1);
    assert.deepEqual(ends(), ['saved']);
  });

  it('calls nothing saved that was thrown away while the lock was taken', async () => {
    const { clock, server, ann, ends, client } = await given();
    client.travel = async (operation, way) => {
      if (operation !== 'lock' || way !== 'there') return;
      await ann.revert(a);
      ann.type(a, 'something else, for which nobody waits');
    };
    server.break(a);
    await clock.pass(2 * minute);
    assert.deepEqual(ends(), ['stopped']);
    assert.equal(server.text(a), 'base');
    assert.equal(server.lockOn(a), undefined);
    assert.equal(ann.blockedSaves.of(a), undefined);
  });

  it('calls nothing saved that the editor did not send', async () => {
    const { clock, server, ann, ends } = await armed();
    ann.save = () => Promise.resolve(true);
    server.break(a);
    await clock.pass(2 * minute);
    assert.deepEqual(ends(), ['stopped']);
  });

  it('ends a conflict that the editor itself has seen when the person has decided', async () => {
    const { clock, server, ann, ends } = await armed();
    ann.save = () => Promise.resolve(false);
    server.break(a);
    await clock.pass(2 * minute);
    assert.equal(ann.waits.of(a)?.phase, 'conflict');
    await ann.revert(a);
    assert.deepEqual(ends(), ['stopped']);
  });

  it('goes on where somebody else was quicker', async () => {
    const { clock, server, ann, ends, client } = await given();
    const first = client.travel;
    client.travel = (operation, way) => {
      if (operation === 'lock' && way === 'there' && !server.lockOn(a)) server.lockFor('eve', a, atWorkS);
      return first(operation, way);
    };
    server.break(a);
    await clock.pass(2 * minute);
    assert.deepEqual(ends(), []);
    assert.equal(ann.waits.of(a)?.phase, 'waiting');
    client.travel = first;
    server.break(a);
    await clock.pass(3 * minute);
    assert.deepEqual(ends(), ['saved']);
  });

  it('does not hurry where the lock is free but the save fails', async () => {
    const { clock, server, client, ends } = await given();
    server.break(a);
    for (let index = 0; index < 1_000; index += 1) client.fail('write', 'busy', { facts: { status: 503 } });
    client.calls.length = 0;
    await clock.pass(10 * minute);
    assert.deepEqual(ends(), []);
    assert.ok(client.count('write') >= 3, `${client.count('write')} writes`);
    assert.ok(client.calls.length < 200, `${client.calls.length} requests in ten minutes`);
    assert.equal(server.lockOn(a), undefined);
  });

  it('leaves a server alone for as long as it asks', async () => {
    const { clock, server, client } = await given();
    server.break(a);
    client.calls.length = 0;
    client.fail('write', 'busy', { facts: { status: 503, retryAfterMs: 5 * minute } });
    await clock.pass(4 * minute);
    assert.equal(client.count('write'), 1);
    await clock.pass(3 * minute);
    assert.equal(server.text(a), 'mine');
  });

  it('goes on over a network that is away', async () => {
    const { clock, server, client, ends } = await given();
    client.offline = true;
    await clock.pass(20 * minute);
    server.break(a);
    client.offline = false;
    await clock.pass(10 * minute);
    assert.deepEqual(ends(), ['saved']);
  });

  it('saves once although it is armed twice', async () => {
    const { clock, server, ann } = await given();
    const before = server.writes.length;
    server.break(a);
    ann.waits.arm(a);
    ann.waits.arm(a);
    await settle();
    ann.waits.arm(a);
    await clock.pass(minute);
    assert.equal(server.writes.length, before + 1);
    assert.equal(ann.waits.of(a), undefined);
    assert.equal(server.lockOn(a), undefined);
  });

  it('asks once for several files of one folder', async () => {
    const { clock, server, ann, client } = await given();
    const files = ['b', 'c', 'd'].map(file);
    for (const id of files) {
      server.put(id, 'base');
      await ann.open(id);
      server.lockFor('bob', id, atWorkS);
      ann.type(id, 'mine');
    }
    await ann.directory.list(file(''), 0);
    for (const id of files) ann.waits.arm(id);
    await clock.pass(10 * minute);
    client.calls.length = 0;
    await clock.pass(10 * minute);
    assert.equal(client.count('stat'), 0);
    assert.ok(client.count('list') <= 300, `${client.count('list')} listings`);
  });

  it('ends with the error where the code itself fails', async () => {
    const { clock, server, ann, ends } = await given();
    ann.save = () => Promise.reject(new TypeError('a bug'));
    server.break(a);
    await clock.pass(minute);
    assert.deepEqual(ends(), ['failed']);
    assert.equal(server.lockOn(a), undefined);
  });

  it('goes on after an error that nobody foresaw, and tells of it', async () => {
    const { clock, server, ann, client, ends } = await given();
    client.travel = () => Promise.reject(new TypeError('a bug'));
    await clock.pass(5 * minute);
    assert.ok(ann.faults.length > 0 && ann.faults.length < 30, `${ann.faults.length}`);
    client.travel = () => Promise.resolve();
    server.break(a);
    await clock.pass(5 * minute);
    assert.deepEqual(ends(), ['saved']);
  });
});
