import assert from 'node:assert/strict';
import { Uri } from 'vscode';
import { Emitter } from '../../src/base/emitter';
import type { LockId } from '../../src/core/model/lock';
import { LockLine } from '../../src/editor/views/codeLens';
import { FileStatuses } from '../../src/editor/views/fileStatus';
import { toUri } from '../../src/editor/uris';
import { idOf, lock, stamp } from '../support/builders/locks';
import { statusSourcesByHand } from '../support/builders/statusSources';

function given() {
  const hands = statusSourcesByHand();
  const switched = new Emitter<void>();
  let enabled = true;
  const line = new LockLine({
    statuses: new FileStatuses(hands.sources),
    enabled: () => enabled,
    onDidChangeEnabled: switched.event,
  });
  let asked = 0;
  line.onDidChangeCodeLenses(() => (asked += 1));
  const lenses = (path: string) => line.provideCodeLenses({ uri: toUri(idOf(path)) });
  return {
    ...hands,
    line,
    asked: () => asked,
    lenses,
    titles: (path: string) =>
      lenses(path).map(({ command }) => command?.title.replace(/^\$\([a-z-]+\)\u00a0/, '')),
    commands: (path: string) =>
      lenses(path).map(({ command }) => command?.command.replace('lockStatus.', '')),
    switchOff: () => {
      enabled = false;
      switched.fire();
    },
  };
}

describe('The line above a file', () => {
  it('stands above line 1 of an edited file that somebody else has locked', () => {
    const { list, setDirty, titles, lenses } = given();
    list('a', [lock()]);
    assert.deepEqual(titles('a'), []);
    setDirty('a', true);
    assert.deepEqual(titles('a'), [
      'Locked by Ann Lee, never expires',
      'Save When Free',
      'Ask Ann Lee…',
      'More…',
    ]);
    for (const { range, command } of lenses('a')) {
      assert.equal(range.start.line, 0);
      assert.deepEqual(command?.arguments?.map(String), ['davs://host/a']);
    }
  });

  it('stays while a refused save is kept', () => {
    const { list, block, commands } = given();
    list('a', [lock()]);
    block('a');
    assert.deepEqual(commands('a'), ['explain', 'wait', 'contactHolder', 'showActions']);
  });

  it('is absent where nobody bars the way', () => {
    const { list, setDirty, titles } = given();
    list('mine', [lock({ holder: { self: 'thisWindow' } })]);
    list('free', []);
    for (const path of ['mine', 'free', 'never asked']) {
      setDirty(path, true);
      assert.deepEqual(titles(path), []);
    }
  });

  it('offers to stop a wait', () => {
    const { list, setDirty, commands, beginWait } = given();
    list('a', [lock()]);
    setDirty('a', true);
    beginWait(idOf('a'));
    assert.deepEqual(commands('a'), ['explain', 'stopWaiting', 'contactHolder', 'showActions']);
  });

  it('asks nobody where the holder is the person, or not known', () => {
    const { list, setDirty, titles } = given();
    list('a', [lock({ holder: { self: 'elsewhere', host: 'LAPTOP-7' } })]);
    list('b', [lock({ holder: { name: '' } })]);
    for (const path of ['a', 'b']) setDirty(path, true);
    assert.deepEqual(titles('a'), [
      'Save When Free',
      'Locked by you on LAPTOP-7, never expires',
      'Take Over…',
      'More…',
    ]);
    assert.deepEqual(titles('b'), ['Locked (holder unknown), never expires', 'Save When Free', 'More…']);
  });

  it('says what can be done first where a long sentence would push it out of a narrow editor', () => {
    const { list, setDirty, titles, lenses } = given();
    list('a', [lock({ holder: { name: 'Bartholomew Featherstonehaugh', assertedBy: 'client' } })]);
    setDirty('a', true);
    assert.deepEqual(titles('a').slice(0, 2), [
      'Save When Free',
      'Bartholomew Featherstonehaugh (unverified) · never expires',
    ]);
    const [action, facts] = lenses('a').map(({ command }) => command);
    assert.match(action?.title ?? '', /^\$\(lock\)/);
    const all = 'Locked by Bartholomew Featherstonehaugh (unverified), never expires';
    assert.equal(facts?.tooltip, all, 'the hover has all of it');
  });

  it('says in two words that a lock was lost, where the reason is long', () => {
    const { sources, list, setDirty, titles, lenses, block } = given();
    const mine = lock({ holder: { self: 'thisWindow' } });
    list('a', [mine]);
    setDirty('a', true);
    const at = stamp(2);
    sources.store.apply({ kind: 'lost', resource: idOf('a'), id: mine.id as LockId, why: 'broken', at });
    assert.deepEqual(titles('a'), ['Lock lost', 'Lock Again', 'More…']);
    assert.match(lenses('a')[0]?.command?.tooltip ?? '', /it was broken or dropped before it expired/);
    // A new lock would not get the save through.
    block('a', 'contentChanged');
    assert.deepEqual(titles('a'), ['Changed on server: review', 'Merge', 'More…']);
  });

  it('has the next step about a change on the server behind the text that names it', () => {
    const { list, setDirty, block, merge, titles, commands, asked } = given();
    list('a', []);
    setDirty('a', true);
    assert.deepEqual(titles('a'), []);
    block('a', 'contentChanged');
    assert.equal(asked(), 1);
    assert.deepEqual(titles('a'), ['Changed on server: review', 'Merge', 'More…']);
    assert.deepEqual(commands('a'), ['compare', 'merge', 'showActions']);
    merge('a', 'resolve');
    assert.deepEqual(titles('a'), ['Merged: resolve conflicts', 'Show Changes', 'More…']);
    merge('a', 'save');
    assert.deepEqual(titles('a'), ['Merged: save', 'Show Changes', 'More…']);
    assert.deepEqual(commands('a'), ['workbench.action.files.save', 'compare', 'showActions']);
    // A save would be refused again now.
    list('a', [lock()], 2);
    assert.equal(titles('a')[1], 'Save When Free');
    assert.equal(asked(), 4);
  });

  it('offers to lock again after a loss', () => {
    const { sources, list, setDirty, titles, commands } = given();
    const mine = lock({ holder: { self: 'thisWindow' } });
    list('a', [mine]);
    setDirty('a', true);
    const at = stamp(2);
    sources.store.apply({ kind: 'lost', resource: idOf('a'), id: mine.id as LockId, why: 'expired', at });
    assert.deepEqual(titles('a'), ['Your lock was lost: it expired', 'Lock Again', 'More…']);
    assert.deepEqual(commands('a'), ['explain', 'lock', 'showActions']);
  });

  it('makes no picture of a hostile name', () => {
    const { list, setDirty, titles } = given();
    list('a', [lock({ holder: { name: '$(flame)\n$(zap)' } })]);
    setDirty('a', true);
    assert.doesNotMatch(titles('a').join(), /\$\(|\n/);
  });

  it('asks to be asked again only where it would read differently', () => {
    const { list, setDirty, titles, asked, block } = given();
    list('a', [lock()]);
    assert.equal(asked(), 0, 'nobody has asked yet');
    titles('a');
    list('b', [lock()]);
    list('a', [lock()], 2);
    assert.equal(asked(), 0);
    setDirty('a', true);
    assert.equal(asked(), 1);
    titles('a');
    block('a');
    assert.equal(asked(), 1);
    list('a', [], 3);
    assert.equal(asked(), 2);
  });

  it('can be switched off', () => {
    const { list, setDirty, titles, asked, switchOff } = given();
    list('a', [lock()]);
    setDirty('a', true);
    switchOff();
    assert.equal(asked(), 1);
    assert.deepEqual(titles('a'), []);
  });

  it('leaves other files alone', () => {
    const { line } = given();
    assert.deepEqual(line.provideCodeLenses({ uri: Uri.file('/a') }), []);
  });
});
