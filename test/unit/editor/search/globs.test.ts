import assert from 'node:assert/strict';
import fc from 'fast-check';
import picomatch from 'picomatch';
import { globSource } from '../../../../src/editor/search/globSource';
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

  it('mean what they mean elsewhere', () => {
    const piece = fc.constantFrom('a', 'b', '.', '*', '?', '[ab]', '[^a]', '{a,b}', '{a,b*}', '{a,{b,b*}}');
    // A name of nothing but dots is no file's.
    const name = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => `x${pieces.join('')}`);
    const above = fc.array(fc.oneof(name, fc.constant('**')), { maxLength: 3 });
    const glob = fc.tuple(above, name).map(([folders, last]) => [...folders, last].join('/'));
    const path = fc
      .array(fc.stringMatching(/^x[ab.]{0,4}$/), { minLength: 1, maxLength: 4 })
      .map((all) => all.join('/'));
    fc.assert(
      fc.property(glob, path, (pattern, one) => {
        // That a name stands for all that is in it is ours alone.
        const own = new RegExp(`^(?:${globSource(pattern)})$`).test(one);
        assert.equal(own, picomatch([pattern], { dot: true, noextglob: true, windows: false })(one));
      }),
      { numRuns: 2_000 },
    );
  });

  it('may have folders in braces, and are plain text where they are no patterns', () => {
    assert.deepEqual(typed('./{src/*,**/docs}/*.md', ...paths), ['src/deep/c.md', 'docs/d.md']);
    const isInside = new RegExp(`^(?:${globSource('s*c/**')})$`);
    assert.deepEqual(
      ['src', 'src/deep/c.md', 'srcs'].filter((path) => isInside.test(path)),
      ['src', 'src/deep/c.md'],
    );
    assert.deepEqual(typed('[!d]/f, [!x]*.md', 'd/f', 'e/f', 'x.md', 'y.md'), ['e/f', 'y.md']);
    assert.deepEqual(typed('a{b', 'a{b', 'ab', 'x/a{b/c'), ['a{b', 'x/a{b/c']);
    assert.deepEqual(typed('a(1)+[', 'a(1)+[', 'a1['), ['a(1)+[']);
    assert.deepEqual(typed('\\*.md', '*.md', 'a.md'), ['*.md']);
    assert.deepEqual(typed('[z-a]', 'a', 'z', '[z-a]'), []);
  });

  it('cannot run for ever', () => {
    const test = typedGlobs('+(a*)*(a*)+(a*)b')!;
    const start = performance.now();
    test('a'.repeat(200));
    assert.ok(performance.now() - start < 2_000);
  });
});
