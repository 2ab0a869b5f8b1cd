// Moves, copies and deletions of which nobody said that they were done, or of which not all was looked at.
import assert from 'node:assert/strict';
import { maxScanMs } from '../../../../src/core/saving/treeGuard';
import { a, folder, givenFolder as given, other } from '../../../support/core/relocating';

describe('A move or a deletion in doubt', () => {
  it('changes nothing in a tree of which only a part was looked through in time', async () => {
    const { clock, ann, move, remove } = await given();
    ann.client.travel = (operation) => {
      if (operation === 'list') clock['mono'] += maxScanMs + 1;
      return Promise.resolve();
    };
    for (const attempt of [() => remove(folder), () => move(folder, other)])
      await assert.rejects(attempt, { name: 'TreeLocked', complete: false, blockingLocks: [] });
    assert.equal(ann.client.count('remove') + ann.client.count('move'), 0);
  });

  it('is done where only its answer was lost', async () => {
    const { server, ann, move, remove } = await given();
    ann.client.fail('move', 'interrupted', { lost: true });
    await move(a, other);
    assert.equal(server.text(other), 'base');
    ann.client.fail('remove', 'interrupted', { lost: true });
    await remove(other);
    assert.equal(server.text(other), undefined);
  });

  it('is not done by us where the file is gone and has not come to its new name', async () => {
    for (const there of [undefined, 'not base']) {
      const { server, ann, move } = await given();
      ann.client.fail('move', 'interrupted');
      ann.client.travel = async (operation, way) => {
        await Promise.resolve();
        if (operation !== 'move' || way !== 'back') return;
        server.files.delete(a);
        if (there !== undefined) server.put(other, there);
      };
      await assert.rejects(move(a, other), { kind: 'interrupted' });
    }
  });

  it('is not taken for done where the original is still there, or nothing can be looked up', async () => {
    for (const isSeen of [true, false]) {
      const { server, ann, move } = await given();
      ann.client.fail('move', 'interrupted');
      ann.client.travel = (operation, way) => {
        if (operation !== 'move' || way !== 'back') return Promise.resolve();
        // A server that copies first.
        server.put(other, 'base');
        if (!isSeen) for (let index = 0; index < 9; index += 1) ann.client.fail('stat', 'unreachable');
        return Promise.resolve();
      };
      await assert.rejects(move(a, other), { kind: 'interrupted' });
      assert.equal(server.text(a), 'base');
    }
  });

  it('is not taken for done where a copy had no answer', async () => {
    const { clock, ann, relocation } = await given();
    await clock.pass(1);
    ann.client.fail('copy', 'interrupted');
    const copying = relocation.transfer({ how: 'copy', from: a, to: other, overwrite: false });
    await assert.rejects(copying, { kind: 'interrupted' });
  });
});
