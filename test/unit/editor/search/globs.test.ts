import assert from 'node:assert/strict';
import { settingGlobs, typedGlobs } from '../../../../src/editor/search/globs';

const typed = (patterns: string, ...paths: readonly string[]) =>
  paths.filter(typedGlobs(patterns) ?? (() => true));

describe('Patterns for files', () => {
  const paths = ['a.ts', 'src/b.ts', 'src/deep/c.md', 'docs/d.md', 'x/docs/e.txt', '.hidden/f.ts'];

  it('mean any depth, unless they begin at the top', () => {
    assert.deepEqual(typed('*.ts', ...paths), ['a.ts', 'src/b.ts', '.hidden/f.ts']);
    assert.deepEqual(typed('docs', ...paths), ['docs/d.md', 'x/docs/e.txt']);
    assert.deepEqual(typed('./docs', ...paths), ['docs/d.md']);
    assert.deepEqual(typed('./src/*.ts, **/*.txt', ...paths), ['src/b.ts', 'x/docs/e.txt']);
  });

  it('know braces, also with commas', () => {
    assert.deepEqual(typed('*.{md,txt}', ...paths), ['src/deep/c.md', 'docs/d.md', 'x/docs/e.txt']);
  });

  it('are no patterns where nothing is typed', () => {
    assert.equal(typedGlobs(' , '), undefined);
    assert.equal(settingGlobs([]), undefined);
  });

  it('in settings are relative to the folder', () => {
    const excluded = settingGlobs(['**/node_modules', 'dist'])!;
    assert.deepEqual(
      ['node_modules', 'a/node_modules/b', 'dist/x', 'a/dist', 'src'].map((path) => excluded(path)),
      [true, true, true, false, false],
    );
  });

  it('negate a set of characters as VS Code does', () => {
    assert.deepEqual(typed('[!d]/f, [^x]*.md', 'd/f', 'e/f', 'x.md', 'y.md'), ['e/f', 'y.md']);
  });

  it('cannot run for ever', () => {
    const test = typedGlobs('+(a*)*(a*)+(a*)b')!;
    const start = performance.now();
    test('a'.repeat(200));
    assert.ok(performance.now() - start < 2_000);
  });
});
