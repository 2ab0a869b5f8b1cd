import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plainLine } from '../../../../src/core/model/plainLine';

describe('a plain line', () => {
  it('has nothing in it that is not seen', () => {
    assert.equal(
      plainLine('a\u0000b\tc\r\nd\u202ee\u2066f\u200dg\ufeffh\u{e0041}i', 100),
      'a b c d e f g h i',
    );
  });

  it('keeps letters of all kinds', () => {
    assert.equal(plainLine(' Zoë 李 עברית 😀 ', 100), 'Zoë 李 עברית 😀');
  });

  it('is cut at a whole character', () => {
    assert.equal(plainLine('abcdef', 4), 'abc…');
    assert.equal(plainLine('ab😀def', 4), 'ab…');
  });

  it('is within its length, well-formed, and washed once is washed for good', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 1, max: 200 }),
        (text, max) => {
          const line = plainLine(text, max);
          assert.ok(line.length <= max && line.isWellFormed());
          assert.equal(plainLine(line, max), line);
        },
      ),
    );
  });
});
