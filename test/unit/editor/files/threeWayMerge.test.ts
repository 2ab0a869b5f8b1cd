import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mergeTexts } from '../../../../src/editor/files/threeWayMerge';

const labels = { mine: 'Yours', theirs: 'On the server' };
const merge = (base: string | undefined, mine: string, theirs: string) =>
  mergeTexts(base, mine, theirs, labels);
const lines = (...texts: string[]) => texts.map((text) => `${text}\n`).join('');

describe('A three-way merge', () => {
  it('takes changes of both sides that do not overlap', () => {
    const merged = merge(
      lines('a', 'b', 'c', 'd'),
      lines('A', 'b', 'c', 'd'),
      lines('a', 'b', 'c', 'D', 'e'),
    );
    assert.deepEqual(merged, { text: lines('A', 'b', 'c', 'D', 'e'), conflicts: 0 });
  });

  it('takes the same change of both once', () => {
    const merged = merge(lines('a', 'b'), lines('a', 'B'), lines('a', 'B'));
    assert.deepEqual(merged, { text: lines('a', 'B'), conflicts: 0 });
  });

  it('puts overlapping changes between markers that VS Code understands, and both texts are there', () => {
    const { text, conflicts } = merge(
      lines('a', 'b', 'c'),
      lines('a', 'mine', 'c'),
      lines('a', 'theirs', 'c'),
    );
    assert.equal(conflicts, 1);
    assert.equal(
      text,
      lines('a', '<<<<<<< Yours', 'mine', '=======', 'theirs', '>>>>>>> On the server', 'c'),
    );
  });

  it('makes every difference a conflict where the base is not known', () => {
    const { text, conflicts } = merge(undefined, lines('a', 'mine', 'c'), lines('a', 'c', 'theirs'));
    assert.equal(conflicts, 2);
    for (const part of ['mine', 'theirs']) assert.ok(text.includes(part));
  });

  it('is one side’s text where only that side changed, and never drops a line that only one side added', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((all) => all.join('\n'));
    fc.assert(
      fc.property(text, text, fc.nat(), (base, other, at) => {
        assert.deepEqual(merge(base, base, other), { text: other, conflicts: 0 });
        assert.deepEqual(merge(base, other, base), { text: other, conflicts: 0 });
        const mine = other.split('\n');
        mine.splice(at % (mine.length + 1), 0, 'only mine');
        const theirs = [...base.split('\n'), 'only theirs'];
        const merged = merge(base, mine.join('\n'), theirs.join('\n')).text;
        assert.ok(merged.includes('only mine') && merged.includes('only theirs'));
      }),
      { numRuns: 500 },
    );
  });
});
