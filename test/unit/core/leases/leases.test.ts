import assert from 'node:assert/strict';
import type { Claim } from '../../../../src/core/model/lease';
import { outlivesWindow } from '../../../../src/core/leases/leaseRecovery';
import { FakeClock, settle } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { goodHabits, ModelServer, type Habits } from '../../../support/core/modelServer';
import { Person } from '../../../support/core/person';

const a = file('a');
const b = file('folder/b');

async function given(habits: Partial<Habits> = {}) {
  const clock = new FakeClock();
  const server = new ModelServer(clock, { ...goodHabits, ...habits });
  for (const id of [a, b]) server.put(id, 'base');
  const ann = new Person('ann', server, clock, { lockOn: 'manual' });
  ann.learnsToList(a);
  await ann.open(a);
  return { clock, server, ann, leases: ann.leases, client: ann.client };
}

describe('Leases', () => {
  it('take one lock whoever asks, and let it go with the last', async () => {
    const { leases, client, server } = await given();
    await Promise.all([leases.take(a, 'edit'), leases.take(a, 'hand'), leases.take(a, 'wait')]);
    assert.equal(client.count('lock'), 1);
    await leases.drop(a, 'edit');
    await leases.drop(a, 'wait');
    assert.equal(server.lockOn(a)?.who, 'ann');
    await leases.drop(a, 'hand');
    assert.equal(server.lockOn(a), undefined);
    assert.deepEqual(leases.held(), []);
  });

  it('claim nothing where the lock is refused', async () => {
    const { leases, server } = await given();
    server.lockFor('bob', a);
    await assert.rejects(leases.take(a, 'edit'), { kind: 'locked' });
    assert.equal(leases.isWanted(a), false);
    assert.equal(leases.claimsOn(a).size, 0);
  });

  it('let a lock go that nobody wants any more when it comes', async () => {
    const { leases, server } = await given();
    const taking = leases.take(a, 'edit');
    await leases.drop(a, 'edit');
    await taking;
    await settle();
    assert.equal(server.lockOn(a), undefined);
  });

  it('take it anew while it is being released', async () => {
    const { leases, server } = await given();
    await leases.take(a, 'edit');
    const dropping = leases.drop(a, 'edit');
    await leases.take(a, 'hand');
    await dropping;
    assert.equal(server.lockOn(a)?.who, 'ann');
    assert.deepEqual([...leases.claimsOn(a)], ['hand']);
  });

  it('have nothing to release where the lock could not be taken', async () => {
    const { leases, server } = await given();
    server.lockFor('bob', a);
    const taking = leases.take(a, 'edit').catch(() => undefined);
    await leases.release(a);
    await taking;
    assert.equal(server.lockOn(a)?.who, 'bob');
  });

  describe('being kept alive', () => {
    it('are refreshed at half of the granted time, one refresh at a time', async () => {
      const { leases, clock, client, server } = await given();
      await leases.take(a, 'hand');
      await clock.pass(299_000);
      assert.equal(client.count('refresh'), 0);
      await clock.pass(2_000);
      assert.equal(client.count('refresh'), 1);
      await clock.pass(24 * 3_600_000);
      assert.equal(server.lockOn(a)?.who, 'ann');
      assert.ok(Math.abs(client.count('refresh') - 288) < 3, `${client.count('refresh')} refreshes`);
    });

    it('join a refresh that is under way', async () => {
      const { leases, client } = await given();
      const lease = await leases.take(a, 'hand');
      await Promise.all([leases.verify(lease), leases.verify(lease)]);
      assert.equal(client.count('refresh'), 1);
    });

    for (const [seconds, name] of [
      [2, 'two seconds'],
      [15, 'fifteen seconds'],
      [59.9, 'a minute less a bit'],
      [3_600, 'an hour'],
    ] as const) {
      it(`hold a grant of ${name} for a day`, async () => {
        const { leases, clock, server, ann } = await given({ grants: () => seconds });
        await leases.take(a, 'hand');
        for (let hour = 0; hour < 24; hour += 1) {
          await clock.pass(3_600_000);
          assert.equal(server.lockOn(a)?.who, 'ann');
        }
        assert.deepEqual(ann.losses, []);
      });
    }

    it('look now and then at a lock without an end, and after a grant of nothing', async () => {
      for (const grants of [() => undefined, () => 0, () => Number.NaN, () => -5]) {
        const { leases, clock, client } = await given({ grants, expires: false });
        await leases.take(a, 'hand');
        await clock.pass(3_600_000);
        assert.ok(client.count('refresh') >= 5 && client.count('refresh') <= 7, `${client.count('refresh')}`);
      }
    });

    it('set no timer that cannot be counted for a grant of years', async () => {
      const { leases, clock, client } = await given({ grants: () => 4_100_000_000 });
      await leases.take(a, 'hand');
      await clock.pass(3 * 24 * 3_600_000);
      assert.ok(client.count('refresh') >= 2);
    });

    it('survive a network that is away for a while', async () => {
      const { leases, clock, client, server, ann } = await given();
      await leases.take(a, 'hand');
      client.offline = true;
      await clock.pass(400_000);
      client.offline = false;
      await clock.pass(60_000);
      assert.equal(server.lockOn(a)?.who, 'ann');
      await clock.pass(3_600_000);
      assert.equal(server.lockOn(a)?.who, 'ann');
      assert.deepEqual(ann.losses, []);
    });

    it('do not hammer a server that is away for long, and leave a busy one alone for a minute', async () => {
      const { leases, clock, client } = await given();
      await leases.take(a, 'hand');
      client.offline = true;
      await clock.pass(3_600_000);
      assert.ok(client.count('refresh') < 80, `${client.count('refresh')} tries in an hour`);
      client.offline = false;
      await clock.pass(120_000);
      const before = client.count('refresh');
      client.fail('refresh', 'busy', { facts: { retryAfterMs: 9_000_000 } });
      await clock.pass(300_000);
      assert.ok(client.count('refresh') >= before + 2);
    });
  });

  describe('that were lost', () => {
    it('are reported within one refresh', async () => {
      const { leases, clock, server, ann } = await given();
      await leases.take(a, 'hand');
      server.break(a);
      server.lockFor('bob', a);
      await clock.pass(330_000);
      assert.deepEqual(
        ann.losses.map(({ outcome, loss }) => [outcome, loss.why]),
        [['lost', 'broken']],
      );
      assert.deepEqual(leases.held(), []);
      assert.equal(ann.store.lossOf(a), 'broken');
    });

    it('are called expired after their time, by sleep', async () => {
      const { leases, clock, ann } = await given();
      await leases.take(a, 'hand');
      ann.type(a, 'mine');
      await clock.sleep(700_000);
      assert.deepEqual(
        ann.losses.map(({ outcome, loss }) => [outcome, loss.why]),
        [['retaken', 'expired']],
      );
      assert.deepEqual([...leases.claimsOn(a)], ['hand']);
    });

    it('are called expired after their time also where the monotonic clock stood still', async () => {
      const { leases, clock, ann } = await given();
      await leases.take(a, 'hand');
      clock.wallOffset += 700_000;
      ann.client.fail('refresh', 'leaseLost');
      await leases.verify(await leases.take(a, 'hand'));
      await settle();
      assert.deepEqual(
        ann.losses.map(({ loss }) => loss.why),
        ['expired'],
      );
    });

    it('cannot be declared lost twice, nor for a newer lease', async () => {
      const { leases, ann } = await given();
      const old = await leases.take(a, 'hand');
      await leases.release(a);
      await leases.take(a, 'hand');
      leases.declareLost(old, 'broken');
      await settle();
      assert.equal(leases.held().length, 1);
      assert.deepEqual(ann.losses, []);
    });
  });

  describe('that could not be released', () => {
    it('are released again until the server confirms it', async () => {
      const { leases, clock, client, server } = await given({ expires: false });
      await leases.take(a, 'edit');
      client.offline = true;
      await assert.rejects(leases.drop(a, 'edit'), { kind: 'unreachable' });
      assert.equal(leases.held().length, 1, 'it stays in view');
      await clock.pass(600_000);
      assert.equal(client.count('refresh'), 0, 'nobody wants it kept alive');
      client.offline = false;
      await clock.pass(120_000);
      assert.equal(server.lockOn(a), undefined);
      assert.deepEqual(leases.held(), []);
      assert.equal(clock.pending, 0);
    });

    it('go on living where somebody wants them', async () => {
      const { leases, clock, client, server } = await given();
      await leases.take(a, 'hand');
      client.fail('unlock', 'serverFault');
      await assert.rejects(leases.release(a), { kind: 'serverFault' });
      await clock.pass(3_600_000);
      assert.equal(server.lockOn(a)?.who, 'ann');
    });
  });

  it('forget what was moved or deleted, also a lock that is still on its way', async () => {
    const { leases, server, client, clock } = await given();
    await leases.take(a, 'hand');
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    client.travel = (operation, way) => (operation === 'lock' && way === 'back' ? gate : Promise.resolve());
    const taking = leases.take(b, 'edit');
    leases.forget(file('folder'));
    leases.forget(a);
    open();
    await taking;
    await clock.pass(0);
    assert.equal(server.lockOn(b), undefined);
    assert.deepEqual(leases.held(), []);
    assert.equal(clock.pending, 0);
  });

  describe('at the end of the window', () => {
    it('are released, but for those that stay', async () => {
      const { leases, server, ann, clock } = await given();
      await leases.take(a, 'hand');
      await leases.take(b, 'edit');
      await ann.quit();
      assert.equal(server.lockOn(a)?.who, 'ann');
      assert.equal(server.lockOn(b), undefined);
      assert.equal(clock.pending, 0);
    });

    it('stay on record until the server has confirmed the release', async () => {
      const { leases, client, clock } = await given();
      const lease = await leases.take(a, 'hand');
      let open = () => undefined as void;
      const gate = new Promise<void>((resolve) => (open = resolve));
      client.travel = (operation) => (operation === 'unlock' ? gate : Promise.resolve());
      const leaving = leases.releaseForShutdown(() => false);
      await clock.pass(2_100);
      await leaving;
      assert.deepEqual(leases.held(), []);
      assert.deepEqual(leases.leasesToStore(), [{ lease, claims: [] }], 'and nobody wants it any more');
      open();
      await settle();
      assert.deepEqual(leases.leasesToStore(), []);
    });

    it('are released also while they are being taken', async () => {
      const { leases, server, ann } = await given();
      const taking = leases.take(b, 'edit');
      await ann.quit();
      await taking;
      assert.equal(server.lockOn(b), undefined);
    });

    it('hold up the end for two seconds at most', async () => {
      const { leases, client, clock } = await given();
      await leases.take(b, 'edit');
      client.travel = () => new Promise(() => undefined);
      let ended = false;
      void leases.releaseForShutdown(() => false).then(() => (ended = true));
      await clock.pass(1_900);
      assert.equal(ended, false);
      await clock.pass(200);
      assert.equal(ended, true);
    });

    it('stay where taken by hand, or for unsaved text if they end by themselves', async () => {
      const { leases } = await given();
      const lease = await leases.take(a, 'edit');
      const claims = (...names: Claim[]) => new Set(names);
      assert.equal(outlivesWindow(lease, claims('hand'), false), true);
      assert.equal(outlivesWindow(lease, claims('edit'), true), true);
      assert.equal(outlivesWindow(lease, claims('edit'), false), false);
      const endless = { ...lease, expiry: { kind: 'never' as const } };
      assert.equal(outlivesWindow(endless, claims('edit'), true), false);
      assert.equal(outlivesWindow({ ...lease, grantedMs: 24 * 3_600_000 }, claims('edit'), true), false);
    });
  });

  it('leave no timer and no listener behind', async () => {
    const { leases, ann, clock } = await given();
    await leases.take(a, 'hand');
    await leases.take(b, 'edit');
    ann.dispose();
    assert.equal(clock.pending, 0);
  });
});
