// A server that grants locks and lets everybody write all the same: there, only its own check of a condition comes in time.
import assert from 'node:assert/strict';
import { World } from '../../../support/core/history';
import { a, ambush, opened, readAtOnce } from '../../../support/core/pipelinedScene';
import { plainServer, type Ways } from '../../../support/model/servers';

const unenforced: Partial<Ways> = { name: 'nobody', enforces: false, lists: false };

/** Ann has just opened what was written just now. */
async function openedAtOnce(ways: Partial<Ways> = {}) {
  const scene = await opened({ ...unenforced, ...ways });
  scene.server.put(a, 'newer');
  await scene.ann.revert(a);
  return scene;
}

describe('A save of a young file under a lock that nothing enforces', () => {
  readAtOnce();

  it('is refused where somebody writes after the look, as the server says that the strong tag is another', async () => {
    const it = await openedAtOnce();
    ambush(it, () => it.server.put(a, 'theirs'));
    await assert.rejects(it.save('mine'), { kind: 'contentChanged' });
    assert.equal(it.server.text(a), 'theirs');
  });

  it('is done with one write where nobody does', async () => {
    const it = await openedAtOnce();
    assert.equal((await it.save('mine')).match(/PUT/g)?.length, 1);
    assert.equal(it.server.text(a), 'mine');
  });

  it('is done where the server takes the tag for another one each time', async () => {
    const it = await openedAtOnce({ tags: 'flips' });
    await it.save('mine');
    assert.equal(it.server.text(a), 'mine');
  });

  it('loses nothing of two windows that save at the same time, one with the lock and one without', async () => {
    const world = new World({ ...plainServer, ...unenforced, pipelined: 'at once' }, [30, 0]);
    await world.run([
      { do: 'type', who: 1 },
      { do: 'type', who: 0 },
      { do: 'save', who: 0 },
      { do: 'open', who: 0 },
      { do: 'wait', who: 1 },
      { do: 'open', who: 0 },
    ]);
    const texts = world.server.writes.map(({ who, text }) => `${who}: ${text.split(' \n')[0]}`);
    assert.deepEqual(texts, ['admin: base', 'admin: base', 'ann: ann 1', 'eve: eve']);
  });
});
