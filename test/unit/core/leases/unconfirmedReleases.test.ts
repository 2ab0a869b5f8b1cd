import assert from 'node:assert/strict';
import { FakeClock } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { goodHabits, ModelServer } from '../../../support/core/modelServer';
import { Person } from '../../../support/core/person';

const a = file('a');

async function given() {
  const clock = new FakeClock();
  const server = new ModelServer(clock, goodHabits);
  server.put(a, 'base');
  const ann = new Person('ann', server, clock, { lockOn: 'manual' });
  ann.learnsToList(a);
  await ann.open(a);
  return { clock, server, ann, leases: ann.leases, client: ann.client };
}

describe('Leases', () => {
  describe('of which nobody knows whether they were released', () => {
    const lostAnswer = async () => {
      const it = await given();
      await it.leases.take(a, 'hand');
      it.client.fail('unlock', 'interrupted', { lost: true });
      await assert.rejects(it.leases.release(a), { kind: 'interrupted' });
      return it;
    };

    it('count as neither ours nor free until the server is asked', async () => {
      const { leases, ann, clock } = await lostAnswer();
      assert.equal(ann.store.viewOf(a).state, 'unknown');
      assert.deepEqual(leases.confirmed(), []);
      assert.equal(leases.leasesToStore().length, 1, 'the next window asks if this one ends');
      await clock.pass(6_000);
      assert.deepEqual(leases.held(), []);
      assert.equal(ann.store.viewOf(a).state, 'unknown', 'somebody may have taken it meanwhile');
      assert.deepEqual(ann.losses, [], 'nobody but us has ended it');
      assert.equal(clock.pending, 0);
    });

    it('stay so while the server is away', async () => {
      const { leases, ann, client, clock } = await lostAnswer();
      client.offline = true;
      await clock.pass(60_000);
      assert.equal(ann.store.viewOf(a).state, 'unknown');
      await assert.rejects(leases.release(a), { kind: 'unreachable' });
      assert.equal(ann.store.viewOf(a).state, 'unknown');
    });

    it('are ours again once a refresh shows it', async () => {
      const { leases, ann, client, clock } = await given();
      await leases.take(a, 'hand');
      client.fail('unlock', 'interrupted');
      await assert.rejects(leases.release(a), { kind: 'interrupted' });
      assert.equal(ann.store.viewOf(a).state, 'unknown');
      await clock.pass(6_000);
      assert.equal(ann.store.viewOf(a).state, 'mine');
      assert.equal(leases.confirmed().length, 1);
    });

    it('are lost to somebody else only after that', async () => {
      const { leases, ann, client, clock, server } = await given();
      await leases.take(a, 'hand');
      client.fail('unlock', 'interrupted');
      await assert.rejects(leases.release(a), { kind: 'interrupted' });
      await clock.pass(6_000);
      server.break(a);
      server.lockFor('bob', a);
      await clock.pass(330_000);
      assert.equal(ann.losses.length, 1);
    });

    it('are asked for before they are joined, and taken anew where they were released', async () => {
      const { leases, client, server, ann } = await lostAnswer();
      const lease = await leases.take(a, 'edit');
      assert.equal(server.lockOn(a)?.token, lease.token.reveal());
      assert.equal(client.count('lock'), 2);
      assert.deepEqual([...leases.claimsOn(a)], ['edit']);
      assert.equal(ann.store.viewOf(a).state, 'mine');
    });

    it('are joined where they are held, and not where nobody can say', async () => {
      const { leases, client } = await given();
      await leases.take(a, 'hand');
      client.fail('unlock', 'interrupted');
      await assert.rejects(leases.release(a), { kind: 'interrupted' });
      client.offline = true;
      await assert.rejects(leases.take(a, 'edit'), { kind: 'interrupted' });
      assert.deepEqual([...leases.claimsOn(a)], ['hand']);
      client.offline = false;
      await leases.take(a, 'edit');
      assert.equal(client.count('lock'), 1);
      assert.deepEqual([...leases.claimsOn(a)], ['hand', 'edit']);
    });

    it('are asked for in time where nobody wants them any more', async () => {
      const { leases, client, server, clock, ann } = await given();
      await leases.take(a, 'edit');
      client.fail('unlock', 'interrupted', { lost: true });
      await assert.rejects(leases.drop(a, 'edit'), { kind: 'interrupted' });
      server.lockFor('bob', a);
      await clock.pass(6_000);
      assert.deepEqual(leases.held(), []);
      assert.equal(ann.store.viewOf(a).state, 'unknown');
    });
  });

  it('that somebody had ended before are not called free when they are released', async () => {
    const { leases, server, ann } = await given();
    await leases.take(a, 'hand');
    server.break(a);
    server.lockFor('bob', a);
    await leases.release(a);
    assert.equal(ann.store.viewOf(a).state, 'unknown');
  });
});
