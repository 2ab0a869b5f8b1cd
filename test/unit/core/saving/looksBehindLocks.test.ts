// A look that is sent right behind a LOCK or an UNLOCK, by what a person does.
import assert from 'node:assert/strict';
import { a, opened, readAtOnce, type Opened } from '../../../support/core/pipelinedScene';
import type { Ways } from '../../../support/model/servers';

async function look({ ann, clock }: Opened): Promise<void> {
  await clock.pass(1);
  await ann.directory.stat(a, 0);
}

/** A server of which nothing is known but that it lists locks: a save locks the file, and looks again under the lock. */
async function unknown(ways: Partial<Ways> = {}) {
  const scene = await opened({ name: 'nobody', honorsIfMatch: false, ...ways });
  scene.server.lockFor('bob', a, 600);
  await look(scene);
  scene.server.break(a);
  await look(scene);
  scene.asked.splice(0);
  return scene;
}

const requests = async ({ asked, clock }: Opened) => {
  await clock.pass(1_000);
  return asked.splice(0).join(' ');
};

describe('A look right behind a lock for a save', () => {
  readAtOnce();

  it('saves a round trip before the write, and one after the release', async () => {
    const it = await unknown();
    const all = await it.save('mine');
    assert.equal(all, 'PROPFIND LOCK PROPFIND GET PUT PROPFIND UNLOCK PROPFIND');
    assert.equal(it.transport.pipelined, 3);
    assert.equal(it.server.text(a), 'mine');
  });

  it('is asked again where it was answered first, and none is sent so from then on', async () => {
    const it = await unknown({ pipelined: 'at once' });
    await it.save('mine');
    assert.equal(it.transport.pipelined, 1);
    assert.equal(it.server.text(a), 'mine');
  });

  it('does not hide what was written just before the lock was granted', async () => {
    const it = await unknown();
    const answer = it.wire.answer.bind(it.wire);
    let isLocked = false;
    it.wire.answer = (request) => {
      const said = answer(request);
      // The version was read before the write, and the locks after the LOCK.
      if (isLocked && request.method === 'PROPFIND') it.server.put(a, 'theirs');
      isLocked = request.method === 'LOCK';
      return said;
    };
    await assert.rejects(it.save('mine'), { kind: 'contentChanged' });
    assert.equal(it.server.text(a), 'theirs');
  });

  it('never shows the lock as that of another window', async () => {
    const it = await unknown();
    const states = new Set<string>();
    it.ann.store.onDidChange(() => states.add(it.ann.store.viewOf(a).state));
    await it.save('mine');
    assert.deepEqual([...states], ['mine', 'free']);
    const [, lock] = it.ann.core.history.of(a).locks;
    assert.deepEqual([lock?.self, lock?.wasOurs], ['thisWindow', true]);
  });

  for (const kind of ['interrupted', 'timeout', 'badAnswer'] as const)
    it(`is asked again where its answer is ${kind}`, async () => {
      const it = await unknown();
      // After the look that comes before the LOCK.
      it.transport.travel = (operation, way) => {
        if (operation === 'stat' && way === 'back' && it.transport.pipelined === 0)
          it.transport.mishaps.add('stat', { kind });
        return Promise.resolve();
      };
      await it.save('mine');
      assert.equal(it.transport.pipelined, 1);
      assert.equal(it.server.text(a), 'mine');
      assert.equal(it.server.locks.size, 0);
    });
});

describe('The first key', () => {
  readAtOnce();

  for (const pipelined of ['in order', 'at once', 'swapped'] as const)
    it(`in a file that somebody holds names the holder, answered ${pipelined}`, async () => {
      const it = await opened({ pipelined }, 'edit');
      it.server.lockFor('bob', a, 600);
      await look(it);
      it.asked.splice(0);
      it.ann.editLocks.edited(a);
      const all = await requests(it);
      assert.equal(it.transport.pipelined, 1);
      if (pipelined === 'in order') assert.equal(all, 'LOCK PROPFIND');
      const state = it.ann.store.stateOf(a);
      assert.equal(state.kind === 'locked' && state.locks[0]?.holder.name, 'bob');
    });

  it('in a file that was just locked costs one look', async () => {
    const it = await opened({}, 'edit');
    await look(it);
    it.server.lockFor('bob', a, 600);
    it.asked.splice(0);
    it.ann.editLocks.edited(a);
    assert.equal(await requests(it), 'LOCK PROPFIND');
    assert.equal(it.transport.pipelined, 0);
  });

  it('in a free file costs the LOCK alone', async () => {
    const it = await opened({}, 'edit');
    await look(it);
    it.asked.splice(0);
    it.ann.editLocks.edited(a);
    assert.equal(await requests(it), 'LOCK');
  });
});
