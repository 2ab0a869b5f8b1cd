import assert from 'node:assert/strict';
import { nameOf, type ResourceId } from '../../../../src/core/model/resource';
import { Contents } from '../../../../src/core/search/contents';
import { TextMatcher } from '../../../../src/core/search/matchText';
import { searchText, type TextSearchOptions } from '../../../../src/core/search/searchText';
import type { TextQuery } from '../../../../src/core/search/textQuery';
import { withinLimit } from '../../../../src/editor/search/timeLimit';
import { FakeClock } from '../../../support/core/fakeClock';
import { inTop, MemoryContents, SearchTree, top } from '../../../support/core/searchTree';

function given(files: Readonly<Record<string, string | Uint8Array>>) {
  const tree = new SearchTree(files);
  const unsaved = new Map<ResourceId, string>();
  const store = new MemoryContents();
  const contents = new Contents(tree.filesOf, store, new FakeClock());
  const search = async (query: Partial<TextQuery>, more: Partial<TextSearchOptions> = {}) => {
    const hits: string[] = [];
    const whole = { text: '', isRegex: false, matchCase: false, wholeWord: false, ...query };
    const end = await searchText(
      { directory: tree.directory, contents, unsavedText: (id) => unsaved.get(id) },
      {
        roots: [top],
        leavesOut: () => false,
        matcher: new TextMatcher(whole, { withinLimit, pause: () => Promise.resolve() }),
        cancel: new AbortController(),
        onHits: ({ resource, lines }) =>
          hits.push(...lines.map(({ line }) => `${nameOf(resource)}:${line + 1}`)),
        onProgress: () => undefined,
        ...more,
      },
    );
    return { hits: hits.sort(), end };
  };
  return { tree, unsaved, store, search };
}

describe('Searching the texts of a folder', () => {
  it('finds them in all folders, asking for six things at once', async () => {
    const files = Array.from({ length: 60 }, (_, at) => [`${at % 7}/${at}.txt`, at % 10 ? 'x' : 'needle']);
    const { tree, search } = given(Object.fromEntries(files) as Record<string, string>);
    const { hits, end } = await search({ text: 'Needle' });
    assert.deepEqual(hits, ['0.txt:1', '10.txt:1', '20.txt:1', '30.txt:1', '40.txt:1', '50.txt:1']);
    assert.deepEqual([end.searched, end.matches, end.filesWithMatches, end.folders], [60, 6, 6, 8]);
    assert.equal(tree.most, 6);
  });

  it('reads nothing twice while the tags stay, and reads what has changed', async () => {
    const { tree, search } = given({ 'a/1': 'needle', 'a/2': 'hay' });
    await search({ text: 'needle' });
    tree.read.length = 0;
    tree.put('a/2', 'needles');
    assert.deepEqual((await search({ text: 'needle' })).hits, ['1:1', '2:1']);
    assert.deepEqual(tree.read, ['2']);
  });

  it('searches unsaved text instead of what the server has', async () => {
    const { tree, unsaved, search } = given({ a: 'old', b: 'old' });
    unsaved.set(inTop('a'), 'x\r\nnew');
    assert.deepEqual((await search({ text: 'new' })).hits, ['a:2']);
    assert.deepEqual(tree.read, ['b']);
  });

  it('says what it could not search', async () => {
    const { tree, search } = given({
      binary: new Uint8Array([0, 1, 2]),
      huge: new Uint8Array(10 * 1024 * 1024 + 1),
      secret: 'needle',
      open: 'needle',
    });
    tree.broken.add(inTop('secret'));
    const { hits, end } = await search({ text: 'needle' });
    assert.deepEqual(hits, ['open:1']);
    assert.equal(end.binary, 1);
    assert.deepEqual(end.tooLarge, [inTop('huge')]);
    assert.deepEqual(
      end.unread.map(({ resource }) => resource),
      [inTop('secret')],
    );
    assert.ok(!tree.read.includes('huge'), 'not even read');
  });

  it('ends with what it has when it is canceled', async () => {
    const files = Array.from({ length: 100 }, (_, at) => [`${at}`, 'needle']);
    const { tree, search } = given(Object.fromEntries(files) as Record<string, string>);
    const cancel = new AbortController();
    const { end } = await search(
      { text: 'needle' },
      { cancel, onProgress: () => tree.read.length > 5 && cancel.abort() },
    );
    assert.equal(end.stopped, 'canceled');
    assert.ok(tree.read.length < 20, `${tree.read.length} were read`);
  });

  it('gives up a pattern that is too slow in too many files', async () => {
    const files = Array.from({ length: 30 }, (_, at) => [`${at}`, `${'a'.repeat(40)}b`]);
    const { tree, search } = given(Object.fromEntries(files) as Record<string, string>);
    const { end } = await search({ text: '^(a+)+$', isRegex: true });
    assert.equal(end.stopped, 'slowPattern');
    assert.ok(tree.read.length < 20);
    assert.equal(end.tooSlow.length, 6);
  });
});
