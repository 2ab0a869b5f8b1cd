// A lock on a folder that a server grants is no proof that nobody holds one in it.
import assert from 'node:assert/strict';
import { childOf } from '../../../../src/core/model/resource';
import { FakeClock } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { goodHabits, ModelServer, type Habits } from '../../../support/core/modelServer';
import { Person } from '../../../support/core/person';

const folder = file('folder');
const [a, b] = [childOf(folder, 'a'), childOf(folder, 'b')];

/** Somebody at a server that grants the lock on a folder, whoever has locked a file in it. */
async function given(habits: Partial<Habits> = {}) {
  const clock = new FakeClock();
  const server = new ModelServer(clock, { ...goodHabits, enforces: false, ...habits });
  for (const id of [a, b]) server.put(id, 'base');
  server.folders.add(folder);
  await clock.pass(1_000);
  const ann = new Person('ann', server, clock, { lockOn: 'manual' });
  const below = server.below.bind(server);
  const lock = ann.client.lock.bind(ann.client);
  ann.client.lock = async (resource, request) => {
    if (request.depth === 'tree') server.below = (root) => (root === resource ? [resource] : below(root));
    try {
      return await lock(resource, request);
    } finally {
      server.below = below;
    }
  };
  const remove = async () => {
    await clock.pass(1);
    return ann.core.relocation.remove(folder);
  };
  return { server, ann, remove };
}

describe('A folder whose lock is granted over the lock of somebody else', () => {
  it('is not deleted where no locks are listed: each file is locked first', async () => {
    const { server, ann, remove } = await given({ lists: false });
    server.lockFor('bob', b);
    await assert.rejects(remove(), { kind: 'locked' });
    assert.equal(ann.client.count('remove'), 0);
    assert.equal(server.text(b), 'base');
    assert.deepEqual([...server.locks.keys()], [b], 'nothing of ours is left');
  });

  it('is deleted where each file could be locked', async () => {
    const { server, remove } = await given({ lists: false });
    await remove();
    assert.equal(server.files.size, 0);
    assert.equal(server.locks.size, 0);
  });

  it('needs no more requests where the lock is listed, and no other was', async () => {
    const { server, ann, remove } = await given();
    await remove();
    assert.equal(server.files.size, 0);
    assert.equal(ann.client.count('lock'), 1);
  });
});
