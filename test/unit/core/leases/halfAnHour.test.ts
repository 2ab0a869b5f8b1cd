import assert from 'node:assert/strict';
import { FakeClock } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { ModelServer } from '../../../support/core/modelServer';
import { Person } from '../../../support/core/person';

const files = ['a', 'b', 'c', 'folder/d'].map(file);
const minute = 60_000;

describe('Half an hour of editing', () => {
  it('leaves no lock, no timer and no listener behind', async () => {
    const clock = new FakeClock();
    const server = new ModelServer(clock);
    for (const id of files) server.put(id, 'base');
    const ann = new Person('ann', server, clock);
    const before = ann.listeners();
    assert.ok(before > 0);

    for (let passed = 0; passed < 30; passed += 1) {
      const id = files[passed % files.length] ?? files[0];
      if (!id) break;
      await ann.open(id);
      for (const text of ['m', 'mi', 'min', `mine ${passed}`]) {
        ann.type(id, text);
        await clock.pass(300);
      }
      if (passed % 7 === 3) server.break(id);
      if (passed % 5 === 4) ann.client.fail('write', 'interrupted', { lost: true });
      const saving = ann.save(id);
      await clock.pass(5_000);
      assert.equal(await saving, true, `minute ${passed}`);
      await clock.pass(minute - 6_200 - 5_000);
      ann.close(id);
      await clock.pass(5_000);
    }

    assert.deepEqual(ann.leases.held(), []);
    for (const id of files) assert.equal(server.lockOn(id), undefined);
    assert.equal(clock.pending, 0);
    assert.equal(ann.listeners(), before);
    assert.deepEqual([...ann.baseVersions.all()], []);
    assert.deepEqual(ann.blockedSaves.all(), []);
    assert.deepEqual(ann.waits.all(), []);
    assert.deepEqual(ann.faults, []);
    ann.dispose();
    assert.equal(ann.listeners(), 0);
  });
});
