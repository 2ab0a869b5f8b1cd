import assert from 'node:assert/strict';
import { digestOf } from '../../../src/storage/digest';
import { KeptMerges, type MergeFacts } from '../../../src/storage/keptMerges';
import { bytesOf, file } from '../../support/core/files';
import { Memento } from '../../support/core/memento';

const before = { version: { etag: { opaque: '1', weak: false } }, bytes: bytesOf('one'), certain: true };
const merged = { version: { etag: { opaque: '2', weak: false } }, bytes: bytesOf('two'), certain: true };
const facts: MergeFacts = {
  marks: ['<<<<<<< Yours'],
  steps: [
    { digest: digestOf('mine'), base: before },
    { digest: digestOf('mine and two'), base: merged },
  ],
};

describe('A merge that is not saved yet, over restarts', () => {
  let memento: Memento;
  const next = () => new KeptMerges(memento);

  beforeEach(() => (memento = new Memento()));

  it('is known by the texts that have it', () => {
    next().keep(file('a'), facts, 'mine and two');
    next().keep(file('a'), { ...facts, since: 'changed' }, 'mine and two, typed on');
    for (const text of ['mine and two', 'mine and two, typed on']) {
      const left = next().of(file('a'), text);
      assert.deepEqual([left?.isKnown, left?.facts.since, left?.facts.marks], [true, 'changed', facts.marks]);
      assert.deepEqual(
        left?.facts.steps.map(({ digest, base }) => [digest, base.version, base.isContent?.(bytesOf('two'))]),
        [
          [digestOf('mine'), before.version, false],
          [digestOf('mine and two'), merged.version, true],
        ],
      );
    }
    assert.equal(next().has(file('b')), false);
    assert.equal(next().of(file('b'), 'mine and two'), undefined);
  });

  it('is not known of another text, such as a crash may bring back', () => {
    const kept = next();
    kept.keep(file('a'), facts, 'mine and two');
    kept.keep(file('a'), facts, undefined);
    assert.equal(next().of(file('a'), 'my')?.isKnown, false);
    // What undo leads back to is known as well: it was made from the version before.
    assert.equal(next().of(file('a'), 'mine')?.isKnown, true);
    assert.equal(next().of(file('a'), 'mine and two')?.isKnown, true);
  });

  it('is forgotten once it is saved', () => {
    next().keep(file('a'), facts, 'mine and two');
    next().forget(file('a'));
    assert.equal(next().has(file('a')), false);
  });

  it('keeps the digests of so many texts, whatever is typed', () => {
    const kept = next();
    for (let at = 0; at < 100; at += 1) kept.keep(file('a'), facts, `mine and two ${at}`);
    assert.equal(kept.of(file('a'), 'mine and two 99')?.isKnown, true);
    assert.equal(kept.of(file('a'), 'mine and two 0')?.isKnown, false);
  });
});
