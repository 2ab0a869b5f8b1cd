import assert from 'node:assert/strict';
import { readBase, BaseVersions } from '../../../../src/core/saving/baseVersions';
import { ShownReads } from '../../../../src/editor/files/shownReads';
import { bytesOf, file, textOf } from '../../../support/core/files';

const a = file('a.ipynb');

describe('What notebooks and custom editors show', () => {
  function given() {
    const baseVersions = new BaseVersions();
    const others = new Set([a]);
    const dirty = new Set<string>();
    const texts = new Set<string>();
    const told: string[] = [];
    const reads = new ShownReads({
      baseVersions,
      tabs: {
        isInNonTextEditor: (id) => others.has(id),
        isInTextTab: (id) => texts.has(id),
        isDirty: (id) => dirty.has(id),
      },
      onStale: (id) => told.push(id),
    });
    const read = (text: string) =>
      reads.read(a, readBase({ bytes: bytesOf(text), version: { size: text.length } }, []));
    const shown = () => textOf(baseVersions.shownOf(a)?.bytes);
    reads.opened(a);
    read('one');
    return { baseVersions, others, dirty, told, reads, read, shown, texts };
  }

  it('is what was read after the tab was opened, however much is read after that', () => {
    const { baseVersions, shown } = given();
    for (let serial = 0; serial < 200; serial += 1)
      baseVersions.read(file(`${serial}`), readBase({ bytes: bytesOf(''), version: {} }, []));
    assert.equal(shown(), 'one');
  });

  it('is no newer content that somebody else has read: the tab is told to load it', () => {
    const { read, shown, told } = given();
    read('two');
    assert.deepEqual([shown(), told], ['one', [a]]);
    read('two');
    assert.equal(shown(), 'two');
  });

  it('is what the tab loads when it is told of a change, and nothing while it has unsaved changes', () => {
    const { reads, read, shown, dirty, told } = given();
    reads.expect(a);
    read('two');
    assert.deepEqual([shown(), told], ['two', []]);
    dirty.add(a);
    reads.expect(a);
    read('three');
    assert.equal(shown(), 'two');
  });

  it('is what was read to throw changes away, and what was saved', () => {
    const { reads, read, shown, dirty, baseVersions, told } = given();
    dirty.add(a);
    read('two');
    dirty.delete(a);
    reads.cleaned(a);
    assert.deepEqual([shown(), told], ['two', [a]]);
    dirty.add(a);
    baseVersions.setShown(a, readBase({ bytes: bytesOf('saved'), version: {} }, []));
    dirty.delete(a);
    reads.cleaned(a);
    assert.deepEqual([shown(), told], ['saved', [a]]);
  });

  it('is forgotten when the tab is closed', () => {
    const { reads, others, shown, read, baseVersions } = given();
    others.delete(a);
    reads.closed(a);
    assert.equal(shown(), undefined);
    read('two');
    assert.equal(shown(), undefined);
    assert.equal(textOf(baseVersions.of(a)?.bytes), 'two');
  });

  it('is what was read before the tab was there, where it reads nothing more', () => {
    const { baseVersions, others, reads, shown, read } = given();
    others.delete(a);
    reads.closed(a);
    read('by a program');
    others.add(a);
    reads.opened(a);
    assert.equal(shown(), 'by a program');
    assert.equal(baseVersions.readsOf(a)[0], undefined);
  });

  it('is in a text editor without a document what was read after the tab was opened, not before', () => {
    const { reads, read, shown, texts, others, baseVersions } = given();
    reads.closed(a);
    others.delete(a);
    read('read by a program');
    texts.add(a);
    others.add(a);
    reads.opened(a);
    assert.equal(shown(), undefined);
    read('read by the tab');
    assert.equal(shown(), 'read by the tab');
    read('read by the document that it gets');
    assert.equal(textOf(baseVersions.readsOf(a)[0]?.bytes), 'read by the document that it gets');
  });
});
