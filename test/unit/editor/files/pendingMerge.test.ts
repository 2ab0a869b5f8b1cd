import assert from 'node:assert/strict';
import type { BaseVersion } from '../../../../src/core/saving/baseVersions';
import { PendingMerge } from '../../../../src/editor/files/pendingMerge';
import { marksOf } from '../../../../src/editor/files/threeWayMerge';
import { KeptMerges } from '../../../../src/storage/keptMerges';
import { bytesOf, file } from '../../../support/core/files';
import { Memento } from '../../../support/core/memento';

const version = (text: string): BaseVersion => ({ version: {}, bytes: bytesOf(text), certain: true });
const [one, two, three] = ['one', 'two', 'three'].map(version) as [BaseVersion, BaseVersion, BaseVersion];
const marks = marksOf({ mine: 'Yours', theirs: 'On the server' });

/** My text was made from version one and has the changes of version two now. */
const merged = (text = 'mine and two') =>
  PendingMerge.begin(marks, { text: 'mine', base: one }, { text, base: two });

describe('A merge that is not saved yet', () => {
  it('is to be saved, whatever is typed on', () => {
    const merge = merged();
    assert.equal(merge.next(), 'save');
    assert.equal(merge.show('mine and two, and more'), undefined);
    assert.equal(merge.next(), 'save');
    assert.equal(merge.base, two);
  });

  it('is to be resolved first while a mark of an overlap is in the text', () => {
    const merge = merged('<<<<<<< Yours\nmine\n=======\ntwo\n>>>>>>> On the server\n');
    assert.equal(merge.next(), 'resolve');
    merge.show('mine\n>>>>>>> On the server\n');
    assert.equal(merge.next(), 'resolve');
    merge.show('mine and two\n');
    assert.equal(merge.next(), 'save');
    // Marks that a text is about are none of ours.
    merge.show('Git writes\n<<<<<<< HEAD\n');
    assert.equal(merge.next(), 'save');
  });

  it('counts the overlaps that are left, also those that somebody has begun to resolve', () => {
    const overlap = '<<<<<<< Yours\nmine\n=======\ntwo\n>>>>>>> On the server\n';
    const merge = merged(`${overlap}same\n${overlap}`);
    assert.equal(merge.conflicts, 2);
    merge.show(`mine\n>>>>>>> On the server\nsame\n`);
    assert.equal(merge.conflicts, 1);
    merge.show('mine\nsame\nmine\n');
    assert.equal(merge.conflicts, 0);
  });

  it('is to be reviewed while it is undone, and not after redo', () => {
    const merge = merged();
    assert.equal(merge.show('mine'), one);
    assert.equal(merge.next(), 'review');
    // What was refused is the text without the merge.
    merge.refuse(one, true);
    assert.equal(merge.show('mine and two'), two);
    assert.equal(merge.next(), 'save');
  });

  it('is to be reviewed again once the server refuses it or shows another version', () => {
    const refused = merged();
    refused.refuse(two, true);
    assert.equal(refused.next(), 'review');
    const compared = merged();
    compared.compare(bytesOf('two'));
    assert.equal(compared.next(), 'save');
    compared.compare(bytesOf('three'));
    assert.equal(compared.next(), 'review');
    compared.compare(bytesOf('two'));
    assert.equal(compared.next(), 'save');
  });

  it('says nothing where its save was refused for another reason', () => {
    const merge = merged();
    merge.refuse(two, false);
    assert.equal(merge.next(), undefined);
    merge.compare(bytesOf('two'));
    assert.equal(merge.next(), undefined);
  });

  it('can be merged again, and undo leads back through every version', () => {
    const merge = merged();
    merge.refuse(two, true);
    merge.add({ text: 'mine and two', base: two }, { text: 'mine, two and three', base: three });
    assert.equal(merge.next(), 'save');
    assert.equal(merge.base, three);
    assert.equal(merge.show('mine and two'), two);
    assert.equal(merge.next(), 'review');
    assert.equal(merge.show('mine'), one);
    assert.equal(merge.next(), 'review');
    assert.equal(merge.show('mine, two and three'), three);
    assert.equal(merge.next(), 'save');
  });

  it('hears nothing of the refusal of a text that was made from another version', () => {
    const merge = merged();
    merge.refuse(one, true);
    merge.refuse(undefined, true);
    assert.equal(merge.next(), 'save');
  });

  describe('in the next window, which knows versions and texts by their digests', () => {
    const next = (merge: PendingMerge, text: string) => {
      const memento = new Memento();
      new KeptMerges(memento).keep(file('a'), merge.facts, undefined);
      const left = new KeptMerges(memento).of(file('a'), text);
      assert.ok(left);
      return new PendingMerge(left.facts.marks, left.facts, text);
    };

    it('is still to be saved, or resolved first, or reviewed', () => {
      assert.equal(next(merged(), 'mine and two, typed on').next(), 'save');
      assert.equal(next(merged(), `${marks[0]}\n`).next(), 'resolve');
      const refused = merged();
      refused.refuse(two, true);
      assert.equal(next(refused, 'mine and two').next(), 'review');
    });

    it('hears nothing of what was refused before the merge, but of what is refused now', () => {
      const merge = next(merged(), 'mine and two');
      merge.refuse(one, true);
      merge.compare(bytesOf('two'));
      assert.equal(merge.next(), 'save');
      merge.compare(bytesOf('three'));
      assert.equal(merge.next(), 'review');
      const refused = next(merged(), 'mine and two');
      refused.refuse(two, true);
      assert.equal(refused.next(), 'review');
    });

    it('can be undone where only the extensions began anew', () => {
      const merge = next(merged(), 'mine and two, typed on');
      assert.equal(merge.show('mine and two')?.isContent?.(bytesOf('two')), true);
      assert.equal(merge.show('mine')?.isContent?.(bytesOf('one')), true);
      assert.equal(merge.next(), 'review');
      assert.equal(merge.first.isContent?.(bytesOf('one')), true);
      assert.equal(next(merged(), 'mine').next(), 'review');
    });
  });

  it('added nothing where the text had the changes already', () => {
    const merge = merged('mine');
    assert.equal(merge.show('mine'), two);
    assert.equal(merge.next(), 'save');
  });
});
