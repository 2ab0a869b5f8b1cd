import assert from 'node:assert/strict';
import type { LockState, UnknownReason } from '../../../../src/core/model/lock';
import type { ResourceId } from '../../../../src/core/model/resource';
import { file } from '../../../support/core/files';
import { Screen } from '../../../support/core/screen';

const folder = file('folder');

function whyUnknown(state: LockState): UnknownReason | undefined {
  return state.kind === 'unknown' ? state.why : undefined;
}

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
      assert.equal(whyUnknown(state()), 'notFound');
      await clock.pass(60_000);
      assert.equal(state().kind, 'unknown');
      server.put(gone, 'back');
      // What failed is asked about less often.
      await clock.pass(5 * 60_000);
      assert.equal(state().kind, 'unlocked');
      scheduler.dispose();
    });

  it('is not said to be missing by a listing that we have overtaken', async () => {
    const screen = new Screen();
    const { ann, poller } = screen;
    const [one, two] = screen.fill('folder', 2) as [ResourceId, ResourceId];
    await ann.directory.list(folder, 0);
    const list = ann.client.list.bind(ann.client);
    ann.client.list = async (resource, options) => {
      const listing = await list(resource, options);
      // As after a copy over the file.
      ann.directory.forget(one);
      return { ...listing, members: listing.members.filter((member) => member.resource !== one) };
    };
    await poller.askAll({ files: [one, two] }, -1, 'insistent');
    assert.deepEqual(ann.client.calls.at(-1)?.split(' ')[0], 'list');
    assert.notEqual(whyUnknown(ann.store.stateOf(one)), 'notFound');
  });

  it('is not kept in mind where only the editor has looked for it', async () => {
    const { ann } = new Screen();
    await assert.rejects(ann.directory.stat(file('folder/missing'), 0), { kind: 'notFound' });
    assert.deepEqual(ann.store.stateOf(file('folder/missing')), { kind: 'unknown', why: 'notAsked' });
  });
});
