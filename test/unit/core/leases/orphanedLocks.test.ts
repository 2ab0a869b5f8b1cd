import assert from 'node:assert/strict';
import type { ResourceId } from '../../../../src/core/model/resource';
import { MemoryLeases } from '../../../support/core/core';
import { FakeClock, settle } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { ModelServer } from '../../../support/core/modelServer';
import { Person } from '../../../support/core/person';

const a = file('a');

/** Somebody deletes a file under their lock; `keeps`: the lock stays, as on an empty name that is locked. */
async function deleted(keeps: boolean, prepare: (ann: Person) => void = () => undefined) {
  const clock = new FakeClock();
  const server = new ModelServer(clock);
  server.put(a, 'base');
  const ann = new Person('ann', server, clock, { lockOn: 'manual' });
  const stayed: ResourceId[] = [];
  ann.core.orphanedLocks.onDidFailToRelease(({ resource }) => stayed.push(resource));
  await ann.leases.take(a, 'hand');
  if (!keeps) server.files.delete(a);
  prepare(ann);
  ann.leases.forget(a);
  await settle();
  return { server, ann, stayed, clock };
}

describe('The lock on a deleted file', () => {
  it('is released even where nothing lists it any more: it may bar the free name for everybody', async () => {
    const { server, stayed } = await deleted(false);
    assert.equal(server.locks.size, 0);
    assert.deepEqual(stayed, []);
  });

  it('is released where the server kept the file', async () => {
    const { server, stayed } = await deleted(true);
    assert.equal(server.lockOn(a), undefined);
    assert.deepEqual(stayed, []);
  });

  it('is reported where the server does not release it', async () => {
    const { server, stayed } = await deleted(true, ({ client }) =>
      client.fail('unlock', 'serverFault', { lost: true }),
    );
    assert.equal(server.lockOn(a), undefined, 'let go, whatever the answer was');
    assert.deepEqual(stayed, []);
    const real = await deleted(true, ({ client }) => {
      client.release = () => Promise.resolve({ wasHeld: true });
    });
    assert.equal(real.server.lockOn(a)?.who, 'ann');
    assert.deepEqual(real.stayed, [a]);
  });

  it('is released as soon as the server answers again', async () => {
    const { server, stayed, ann, clock } = await deleted(true, ({ client }) => (client.offline = true));
    assert.deepEqual(stayed, []);
    await clock.pass(60_000);
    assert.ok(server.lockOn(a));
    ann.client.offline = false;
    await clock.pass(60_000);
    assert.equal(server.lockOn(a), undefined);
    assert.equal(clock.pending, 0, 'nothing is left to be asked');
  });

  it('is not asked for without end where the server refuses', async () => {
    const { server, clock } = await deleted(true, ({ client }) => client.fail('unlock', 'forbidden'));
    await clock.pass(300_000);
    assert.ok(server.lockOn(a), 'by its answer, it stays');
    assert.equal(clock.pending, 0);
  });

  it('is left to the next run where this one ends before the server has answered', async () => {
    const { server, ann, clock } = await deleted(true, ({ client }) => (client.offline = true));
    const leaseStorage = new MemoryLeases();
    const [lease] = ann.core.orphanedLocks.all();
    assert.ok(lease);
    leaseStorage.left.push({ here: true, kept: { lease, claims: [] } });
    ann.dispose();
    server.files.delete(a);
    const next = new Person('ann', server, clock, { leaseStorage });
    next.client.offline = true;
    await next.core.leaseRecovery.start();
    next.client.offline = false;
    await clock.pass(60_000);
    assert.equal(server.lockOn(a), undefined, 'also where nothing shows the file any more');
    next.dispose();
  });

  it('is kept for the next run until then', async () => {
    const { ann, leaseStorage, clock } = await given();
    await ann.core.leaseRecovery.start();
    ann.client.offline = true;
    ann.leases.forget(a);
    await settle();
    assert.deepEqual(
      leaseStorage.kept.map(({ lease, claims }) => [lease.resource, claims]),
      [[a, []]],
    );
    ann.client.offline = false;
    await clock.pass(60_000);
    assert.deepEqual(leaseStorage.kept, []);
    ann.dispose();
  });
});

async function given() {
  const clock = new FakeClock();
  const server = new ModelServer(clock);
  server.put(a, 'base');
  const leaseStorage = new MemoryLeases();
  const ann = new Person('ann', server, clock, { lockOn: 'manual', leaseStorage });
  await ann.leases.take(a, 'hand');
  return { ann, leaseStorage, clock };
}
