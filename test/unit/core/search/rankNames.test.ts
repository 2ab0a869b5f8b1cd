import assert from 'node:assert/strict';
import { rankNames } from '../../../../src/core/search/rankNames';

const paths = [
  'docs/report.md',
  'report/notes.md',
  'src/my report.md',
  'src/re/po/r/t.md',
  'reporting.md',
  'other.txt',
];
const ranked = (query: string, max = 10) =>
  rankNames(
    paths.map((path) => ({ path })),
    query,
    max,
  ).map(({ path }) => path);

describe('Finding names', () => {
  it('puts the name before the path, and whole before scattered', () => {
    assert.deepEqual(ranked('REPORT'), [
      'reporting.md',
      'docs/report.md',
      'src/my report.md',
      'report/notes.md',
      'src/re/po/r/t.md',
    ]);
  });

  it('wants every word', () => {
    assert.deepEqual(ranked('report docs'), ['docs/report.md']);
    assert.deepEqual(ranked('report nowhere'), []);
  });

  it('gives no more than can be shown', () => {
    assert.equal(ranked('r', 2).length, 2);
  });
});
