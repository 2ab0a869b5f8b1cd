import assert from 'node:assert/strict';
import { ThemeColor, Uri } from 'vscode';
import { Emitter } from '../../src/base/emitter';
import type { Lock, LockId } from '../../src/core/model/lock';
import type { ResourceId } from '../../src/core/model/resource';
import { LockDecorations } from '../../src/editor/views/decorations';
import { toUri } from '../../src/editor/uris';
import { FileStatuses } from '../../src/editor/views/fileStatus';
import { idOf, lock, stamp } from '../support/builders/locks';
import { statusSourcesByHand } from '../support/builders/statusSources';

function given() {
  const { sources, beginWait: begin, endWait: end, setDirty, block, merge } = statusSourcesByHand();
  const { store } = sources;
  const switched = new Emitter<void>();
  let enabled = true;
  const decorations = new LockDecorations({
    statuses: new FileStatuses(sources),
    enabled: () => enabled,
    onDidChangeEnabled: switched.event,
  });
  const fired: (readonly string[] | 'all')[] = [];
  decorations.onDidChangeFileDecorations((uris) =>
    fired.push(uris === undefined ? 'all' : [uris].flat().map((uri) => uri.path)),
  );
  return {
    store,
    begin,
    end,
    fired,
    decorations,
    list: (paths: readonly string[], locks: readonly Lock[], at = 1) =>
      store.apply({
        kind: 'listed',
        entries: paths.map((path) => ({ resource: idOf(path), listing: { locks, reported: true } })),
        at: stamp(at),
      }),
    enable: (on: boolean) => {
      enabled = on;
      switched.fire();
    },
    setDirty,
    block,
    merge,
    look: (resource: ResourceId) => {
      const decoration = decorations.provideFileDecoration(toUri(resource));
      const color = decoration?.color instanceof ThemeColor ? decoration.color.id : undefined;
      return decoration && [decoration.badge, color?.replace('lockStatus.', '')];
    },
  };
}

describe('Decorations', () => {
  const badges: readonly (readonly [Lock, readonly string[]])[] = [
    [lock(), ['L', 'lockedByOther']],
    [lock({ scope: 'shared' }), ['L+', 'lockedByOther']],
    [lock({ holder: { self: 'thisWindow' } }), ['Me', 'lockedByMe']],
    [lock({ holder: { self: 'elsewhere' } }), ['L', 'lockedByMe']],
  ];
  for (const [one, expected] of badges)
    it(`show ${expected.join(' ')} for ${one.scope} ${one.holder.self}`, () => {
      const { list, look } = given();
      list(['a'], [one]);
      assert.deepEqual(look(idOf('a')), expected);
    });

  it('show nothing for what is free or not known', () => {
    const { list, look } = given();
    list(['a'], [lock()]);
    list(['b'], []);
    assert.equal(look(idOf('b')), undefined);
    assert.equal(look(idOf('c')), undefined);
  });

  it('show a loss, and a wait before all', () => {
    const { store, list, look, begin, end } = given();
    const mine = lock({ holder: { self: 'thisWindow' } });
    list(['a'], [mine]);
    store.apply({
      kind: 'lost',
      resource: idOf('a'),
      id: mine.id as LockId,
      why: 'broken',
      at: stamp(2),
    });
    assert.deepEqual(look(idOf('a')), ['!', 'lost']);
    begin(idOf('a'));
    assert.deepEqual(look(idOf('a')), ['W', 'lockedByOther']);
    end(idOf('a'));
    assert.deepEqual(look(idOf('a')), ['!', 'lost']);
  });

  it('ask for a decision where a wait has met another version', () => {
    const { list, look, begin } = given();
    list(['a'], []);
    begin(idOf('a'), 'conflict');
    assert.deepEqual(look(idOf('a')), ['!', 'lost']);
  });

  it('ask for a decision after a refused save and a merge too, until only the save is left', () => {
    const { list, look, setDirty, block, merge } = given();
    list(['a'], []);
    setDirty('a', true);
    block('a', 'contentChanged');
    assert.deepEqual(look(idOf('a')), ['!', 'lost']);
    merge('a', 'resolve');
    assert.deepEqual(look(idOf('a')), ['!', 'lost']);
    merge('a', 'save');
    assert.equal(look(idOf('a')), undefined);
    list(['a'], [lock({ holder: { self: 'thisWindow' } })], 2);
    assert.deepEqual(look(idOf('a')), ['Me', 'lockedByMe']);
  });

  it("show a folder's lock on what lies in it", () => {
    const { list, look } = given();
    list(['f'], [lock({ depth: 'tree' })]);
    assert.deepEqual(look(idOf('f/g/a')), ['L', 'lockedByOther']);
  });

  it('leave other files alone', () => {
    const { decorations } = given();
    assert.equal(decorations.provideFileDecoration(Uri.file('/a')), undefined);
  });

  it('tell who and until when in two plain lines', () => {
    const { list, decorations } = given();
    list(['a'], [lock({ holder: { name: '[x](command:y)\nz' } })]);
    const tooltip = decorations.provideFileDecoration(toUri(idOf('a')))?.tooltip;
    assert.match(
      tooltip ?? '',
      /^Locked by \[x\]\u200b\(command:y\) z, never expires\nName confirmed by the server · checked at [^\n]+$/,
    );
  });

  it('fire only what looks different now', () => {
    const { list, fired } = given();
    list(['a'], [lock()]);
    list(['b', 'c'], []);
    list(['a'], [lock()], 2);
    assert.deepEqual(fired, [['/a']]);
    list(['a'], [], 3);
    assert.deepEqual(fired.at(-1), ['/a']);
  });

  it('fire all at once where a list would be thinned out', () => {
    const { list, fired } = given();
    const names = Array.from({ length: 251 }, (_, index) => `f${index}`);
    list(names.slice(1), [lock()]);
    assert.equal(fired.at(-1)?.length, 250);
    list(names, [lock({ scope: 'shared' })], 2);
    assert.equal(fired.at(-1), 'all');
  });

  it('can be switched off and on', () => {
    const { list, look, enable, fired } = given();
    list(['a'], [lock()]);
    enable(false);
    assert.equal(look(idOf('a')), undefined);
    list(['b'], [lock()]);
    assert.deepEqual(fired, [['/a'], 'all']);
    enable(true);
    assert.deepEqual(look(idOf('b')), ['L', 'lockedByOther']);
  });
});
