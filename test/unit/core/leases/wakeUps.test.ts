import assert from 'node:assert/strict';
import { FakeClock, settle } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { ModelServer } from '../../../support/core/modelServer';
import { Person } from '../../../support/core/person';

const a = file('a');

async function given() {
  const clock = new FakeClock();
  const server = new ModelServer(clock);
  server.put(a, 'base');
  const ann = new Person('ann', server, clock, { lockOn: 'manual' });
  await ann.open(a);
  await ann.leases.take(a, 'hand');
  return { clock, server, ann };
}

describe('A machine that slept while its monotonic clock stood still', () => {
  it('asks about its locks when it is awake, and not when the next refresh is due', async () => {
    const { clock, server, ann } = await given();
    clock.wallOffset += 3_600_000;
    server.break(a);
    server.put(a, 'theirs');
    assert.deepEqual(ann.leases.unexpired(a), []);
    await clock.pass(20_000);
    assert.deepEqual(
      ann.losses.map(({ content }) => content),
      ['changed'],
    );
  });

  it('is sure of its locks again once they are refreshed, however the clock was set', async () => {
    for (const hours of [-5, 5]) {
      const { clock, ann } = await given();
      clock.wallOffset += hours * 3_600_000;
      assert.equal(ann.leases.unexpired(a).length, hours < 0 ? 1 : 0);
      await clock.pass(20_000);
      assert.equal(ann.leases.unexpired(a).length, 1);
      assert.equal(ann.client.count('refresh'), hours < 0 ? 0 : 1);
      await clock.pass(200_000);
      assert.equal(ann.client.count('refresh'), hours < 0 ? 0 : 1);
    }
  });

  it('looks at the clock only while it holds a lock', async () => {
    const { clock, ann } = await given();
    assert.equal(clock.pending, 2);
    await ann.leases.release(a);
    await settle();
    assert.equal(clock.pending, 0);
    await ann.leases.take(a, 'hand');
    ann.dispose();
    assert.equal(clock.pending, 0);
  });
});
