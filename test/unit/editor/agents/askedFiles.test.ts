import assert from 'node:assert/strict';
import { AskedFiles } from '../../../../src/editor/agents/askedFiles';
import { file } from '../../../support/core/files';

const one = file('one');
const other = file('other');

describe('The file that a person was asked about', () => {
  it('is the only one that a call may act on', () => {
    const asked = new AskedFiles();
    asked.note('a', one);
    assert.equal(asked.take('b', one), false);
    assert.equal(asked.take('a', one), true);
    asked.note('a', one);
    assert.equal(asked.take('a', other), false);
  });

  it('counts for one call for each question', () => {
    const asked = new AskedFiles();
    assert.equal(asked.take('a', one), false);
    asked.note('a', one);
    asked.note('a', one);
    assert.deepEqual(
      [1, 2, 3].map(() => asked.take('a', one)),
      [true, true, false],
    );
  });

  it('is none where the path named none, whatever it names later', () => {
    const asked = new AskedFiles();
    asked.note('a', undefined);
    assert.equal(asked.take('a', one), false);
    asked.note('a', undefined);
    assert.equal(asked.take('a', undefined), false);
  });

  it('is unknown where two questions about one path differ, until the next question', () => {
    const asked = new AskedFiles();
    asked.note('a', one);
    asked.note('a', other);
    assert.equal(asked.take('a', other), false);
    asked.note('a', other);
    assert.equal(asked.take('a', other), true);
  });
});
