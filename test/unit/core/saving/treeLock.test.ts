// A lock on a folder that a server grants is no proof that nobody holds one in it.
import assert from 'node:assert/strict';
import { childOf } from '../../../../src/core/model/resource';
import { FakeClock } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { goodHabits, ModelServer, type Habits, type ModelLock } from '../../../support/core/modelServer';
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

describe('A folder whose files nobody has locked', () => {
  it('is deleted without a lock where locks are known to be listed', async () => {
    const { server, ann, remove } = await given();
    ann.learnsToList(folder);
    await remove();
    assert.equal(server.files.size, 0);
    assert.equal(ann.client.count('lock'), 0);
  });

  it('is deleted where the server knows no locks', async () => {
    const { server, ann, remove } = await given({ lists: false });
    ann.client.fail('lock', 'unsupported', { facts: { status: 405 } });
    await remove();
    assert.equal(server.files.size, 0);
  });

  it('leaves no lock behind on a server that keeps it without the folder', async () => {
    const { server, ann, remove } = await given();
    let kept: ModelLock | undefined;
    ann.client.travel = (operation, way) => {
      if (operation === 'remove') {
        if (way === 'there') kept = server.lockOn(folder);
        else if (kept) server.locks.set(folder, kept);
      }
      return Promise.resolve();
    };
    await remove();
    assert.ok(kept);
    assert.equal(server.lockOn(folder), undefined);
  });
});
