import assert from 'node:assert/strict';
import { bytesOf, file } from '../../../support/core/files';
import { armed, given } from '../../../support/core/waiting';

const a = file('a');
const minute = 60_000;

describe('A wait', () => {
  it('saves what was typed during its save too, under the same lock, before it ends', async () => {
    const { clock, server, ann, client, ends } = await given();
    let typed = 0;
    client.travel = (operation, way) => {
      if (operation === 'write' && way === 'there' && typed < 2)
        ann.type(a, `mine, and more ${(typed += 1)}`);
      return Promise.resolve();
    };
    server.break(a);
    await clock.pass(minute);
    assert.deepEqual(ends(), ['saved']);
    assert.equal(server.text(a), 'mine, and more 2');
    assert.equal(ann.isDirty(a), false);
    assert.equal(client.count('lock'), 1, 'the lock was kept');
    assert.ok(server.writes.slice(-3).every(({ locked }) => locked));
    assert.equal(server.lockOn(a), undefined);
    assert.equal(clock.pending, 0);
  });

  it('takes no typing for a conflict where no save was refused before', async () => {
    const { clock, server, ann, client, ends } = await armed();
    let typed = 0;
    client.travel = (operation, way) => {
      if (operation === 'write' && way === 'there' && (typed += 1) === 1) ann.type(a, 'mine, and more');
      return Promise.resolve();
    };
    server.break(a);
    await clock.pass(minute);
    assert.deepEqual([ends(), server.text(a)], [['saved'], 'mine, and more']);
  });

  it('saves at the pace of somebody who never stops typing, and ends at its time', async () => {
    const { clock, server, ann, client, ends } = await given({}, 10 * minute);
    client.travel = (operation, way) => {
      if (operation === 'write' && way === 'back') ann.type(a, `mine ${clock.now().mono}`);
      return Promise.resolve();
    };
    server.break(a);
    await clock.pass(11 * minute);
    assert.deepEqual(ends(), ['gaveUp']);
    assert.ok(client.count('write') < 40, `${client.count('write')} writes`);
    assert.equal(server.lockOn(a), undefined);
  });

  it('is not ended by what another program writes, nor is the kept text given up', async () => {
    const { clock, server, ann, ends } = await given();
    server.break(a);
    await ann.saver.save(a, bytesOf('of a program'), { mustBeNew: false, mayReplaceUnseen: true });
    assert.equal(ann.isDirty(a), true);
    assert.deepEqual(ends(), []);
    assert.notEqual(ann.blockedSaves.of(a), undefined);
    await ann.journal.settled();
    assert.equal(ann.journal.waiting().length, 1);
    await clock.pass(minute);
    assert.ok(!ends().includes('saved') || server.text(a) === 'mine', ends().join());
  });

  it('is not ended by it where no save was refused before, nor where the editor cannot tell', async () => {
    for (const holds of [undefined, () => Promise.reject(new Error('no such encoding'))]) {
      const { server, ann, ends } = await armed();
      if (holds) ann.holds = holds;
      server.break(a);
      await ann.saver.save(a, bytesOf('of a program'), { mustBeNew: false, mayReplaceUnseen: true });
      assert.deepEqual(ends(), []);
      assert.equal(ann.problems.length, holds ? 1 : 0);
    }
  });

  it('goes on after an error in what is asked about a refusal, and tells of it', async () => {
    const { clock, server, ann, ends } = await given();
    const requestFacts = ann.diagnosisService.requestFacts.bind(ann.diagnosisService);
    ann.diagnosisService.requestFacts = () => Promise.reject(new TypeError('a bug'));
    ann.client.fail('lock', 'locked', { facts: { status: 423 } });
    server.break(a);
    await clock.pass(10_000);
    assert.equal(ann.faults.length, 1);
    assert.equal(ann.waits.of(a)?.phase, 'waiting');
    ann.diagnosisService.requestFacts = requestFacts;
    await clock.pass(2 * minute);
    assert.deepEqual(ends(), ['saved']);
    assert.equal(server.lockOn(a), undefined);
  });

  it('notices the free lock as soon where nothing is listed', async () => {
    const { clock, server, client, ends } = await given({ lists: false });
    await clock.pass(5 * minute);
    client.calls.length = 0;
    await clock.pass(minute);
    assert.ok(client.count('lock') >= 24, `${client.count('lock')} attempts in a minute`);
    server.break(a);
    await clock.pass(3_000);
    assert.deepEqual(ends(), ['saved']);
  });

  it('has a limit where the editor never ends its save', async () => {
    const { clock, server, ann, ends } = await given();
    ann.save = () => new Promise(() => undefined);
    server.break(a);
    await clock.pass(31 * minute);
    assert.deepEqual(ends(), ['failed']);
    assert.equal(server.lockOn(a), undefined);
  });
});
