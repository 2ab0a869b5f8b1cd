import assert from 'node:assert/strict';
import type { ResourceId } from '../../../../src/core/model/resource';
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
  return { server, ann, stayed };
}

describe('The lock on a file that is gone', () => {
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

  it('is told of where the server does not let it go', async () => {
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

  it('is left to be met where the server does not answer', async () => {
    const { stayed } = await deleted(true, ({ client }) => (client.offline = true));
    assert.deepEqual(stayed, []);
  });
});
