import assert from 'node:assert/strict';
import { Slots } from '../../../../src/base/slots';
import { nameOf } from '../../../../src/core/model/resource';
import { walk, type WalkOptions } from '../../../../src/core/search/walk';
import { inTop, SearchTree, top } from '../../../support/core/searchTree';

async function walked(tree: SearchTree, more: Partial<WalkOptions> = {}) {
  const found: string[] = [];
  const end = await walk(tree.directory, {
    roots: [top],
    slots: new Slots(6),
    maxAgeMs: 0,
    signal: new AbortController().signal,
    leavesOut: () => false,
    onFiles: (files) => found.push(...files.map(({ resource }) => nameOf(resource))),
    ...more,
  });
  return { found, end };
}

const broad = () =>
  new SearchTree(Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`folder ${at}/file ${at}`, ''])));

describe('Walking through folders', () => {
  it('lists each folder once, upper ones first', async () => {
    const tree = new SearchTree({ 'a/deep/deeper/one': '', 'b/two': '', three: '' });
    const { found, end } = await walked(tree);
    assert.deepEqual(tree.listed, ['top', 'a', 'b', 'deep', 'deeper']);
    assert.deepEqual(found, ['three', 'two', 'one']);
    assert.equal(end.folders, 5);
    assert.equal(end.stopped, undefined);
  });

  it('asks for six things at once and no more', async () => {
    const tree = broad();
    assert.equal((await walked(tree)).found.length, 40);
    assert.equal(tree.most, 6);
  });

  it('lets what is urgent go before further listings', async () => {
    const tree = new SearchTree({ 'a/one': '', 'b/two': '', 'c/three': '' });
    const slots = new Slots(1);
    const done: Promise<unknown>[] = [];
    const onFiles: WalkOptions['onFiles'] = (files) =>
      files.forEach(({ resource }) =>
        done.push(slots.run(() => Promise.resolve(tree.listed.push(nameOf(resource))), true)),
      );
    await walked(tree, { slots, onFiles });
    await Promise.all(done);
    assert.deepEqual(tree.listed, ['top', 'a', 'b', 'one', 'c', 'two', 'three']);
  });

  it('enters no folder that is left out, and reports no such file', async () => {
    const tree = new SearchTree({ 'a/one': '', 'b/two': '', three: '' });
    const leavesOut = (id: string) => id === inTop('a') || id === inTop('three');
    const { found } = await walked(tree, { leavesOut });
    assert.deepEqual(found, ['two']);
    assert.deepEqual(tree.listed, ['top', 'b']);
  });

  it('goes on where a folder cannot be listed, and says which', async () => {
    const tree = new SearchTree({ 'a/one': '', 'b/two': '' });
    tree.broken.add(inTop('a'));
    const { found, end } = await walked(tree);
    assert.deepEqual(found, ['two']);
    assert.deepEqual(
      end.unlisted.map(({ kind, resource }) => [kind, resource]),
      [['forbidden', inTop('a')]],
    );
  });

  it('ends at once when it is canceled', async () => {
    const tree = broad();
    const cancel = new AbortController();
    const { end } = await walked(tree, { signal: cancel.signal, onFiles: () => cancel.abort() });
    assert.equal(end.stopped, 'canceled');
    assert.ok(tree.listed.length < 20, `${tree.listed.length} listings`);
  });

  it('ends in a tree without end, and says so', async () => {
    const tree = new SearchTree({ [`${'loop/'.repeat(80)}file`]: '' });
    assert.equal((await walked(tree)).end.stopped, 'tooMany');
    assert.ok(tree.listed.length <= 65);
  });
});
