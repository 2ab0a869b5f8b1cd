import assert from 'node:assert/strict';
import { ExpandedFolders } from '../../../../src/core/polling/expandedFolders';
import { resourceId } from '../../../../src/core/model/resource';
import { FakeClock } from '../../../support/core/fakeClock';

const idOf = (path: string) => resourceId(`http://host/${path}`);
const [a, b] = [idOf('a'), idOf('b')];
const hour = 3_600_000;
const minute = 60_000;

function given() {
  const clock = new FakeClock();
  return { clock, folders: new ExpandedFolders(clock, true) };
}

describe('Folders in sight', () => {
  it('stay as long as the window stays in front', async () => {
    const { clock, folders } = given();
    folders.recordRead(a);
    await clock.pass(hour);
    // The state of a window changes for other reasons too, such as a person who pauses.
    folders.setFocused(true);
    await clock.pass(hour);
    assert.deepEqual(folders.all(), [a]);
  });

  it('are those that are read again when the window comes back', async () => {
    const { clock, folders } = given();
    folders.recordRead(a);
    folders.recordRead(b);
    await clock.pass(hour);
    folders.setFocused(false);
    await clock.pass(minute);
    assert.deepEqual(folders.all(), [a, b]);
    folders.setFocused(true);
    await clock.pass(500);
    folders.recordRead(a);
    assert.deepEqual(folders.all(), [b, a], 'nothing is given up before the editor had its time');
    await clock.pass(minute);
    assert.deepEqual(folders.all(), [a]);
  });

  it('count as read again also just before we hear of the window', async () => {
    const { clock, folders } = given();
    folders.setFocused(false);
    await clock.pass(minute);
    folders.recordRead(a);
    await clock.pass(100);
    folders.setFocused(true);
    await clock.pass(minute);
    assert.deepEqual(folders.all(), [a]);
  });

  it('are judged by the last coming back where it flickers', async () => {
    const { clock, folders } = given();
    folders.recordRead(a);
    await clock.pass(minute);
    for (const inFront of [false, true, false]) folders.setFocused(inFront);
    await clock.pass(10_000);
    folders.setFocused(true);
    await clock.pass(10_000);
    folders.recordRead(a);
    await clock.pass(minute);
    assert.deepEqual(folders.all(), [a]);
    assert.equal(clock.pending, 0);
  });

  it('are a bounded number, those read last', () => {
    const { folders } = given();
    const many = Array.from({ length: 1_000 }, (_, index) => idOf(`f${index}`));
    for (const id of many) folders.recordRead(id);
    assert.equal(folders.all().length, 64);
    assert.equal(folders.all().at(-1), many.at(-1));
  });

  it('go with what is deleted', () => {
    const { folders } = given();
    for (const path of ['a', 'a/b', 'ab']) folders.recordRead(idOf(path));
    folders.forget(a);
    assert.deepEqual(folders.all(), [idOf('ab')]);
  });

  it('leave no timer behind', () => {
    const { clock, folders } = given();
    folders.setFocused(false);
    folders.setFocused(true);
    folders.dispose();
    assert.equal(clock.pending, 0);
  });
});
