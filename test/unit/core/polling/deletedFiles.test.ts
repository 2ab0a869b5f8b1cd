import assert from 'node:assert/strict';
import { file } from '../../../support/core/files';
import { Screen } from '../../../support/core/screen';

const folder = file('folder');

describe('A file in sight that is deleted on the server', () => {
  for (const { asked, count } of [
    { asked: 'by itself', count: 1 },
    { asked: 'with its folder', count: 2 },
  ])
    it(`is not on the server, where it is asked about ${asked}, and is known again once it is back`, async () => {
      const screen = new Screen();
      const { server, clock, ann, scheduler } = screen;
      screen.files = screen.fill('folder', count);
      const gone = screen.files[0]!;
      const state = () => ann.store.stateOf(gone);
      ann.learnsToList(gone);
      // A folder that was listed is cheaper than its files.
      if (count > 1) await ann.directory.list(folder, 0);
      scheduler.start();
      await clock.pass(60_000);
      assert.equal(state().kind, 'unlocked');
      server.remove(gone);
      await clock.pass(60_000);
      const { kind, ...rest } = state();
      assert.deepEqual([kind, 'why' in rest && rest.why], ['unknown', 'notFound']);
      await clock.pass(60_000);
      assert.equal(state().kind, 'unknown');
      server.put(gone, 'back');
      // What failed is asked about less often.
      await clock.pass(5 * 60_000);
      assert.equal(state().kind, 'unlocked');
      scheduler.dispose();
    });

  it('is not kept in mind where only the editor has looked for it', async () => {
    const { ann } = new Screen();
    await assert.rejects(ann.directory.stat(file('folder/missing'), 0), { kind: 'notFound' });
    assert.deepEqual(ann.store.stateOf(file('folder/missing')), { kind: 'unknown', why: 'notAsked' });
  });
});
