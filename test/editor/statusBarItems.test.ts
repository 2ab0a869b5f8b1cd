// The status bar items: how many files wait or are blocked, beside what the active file's own item says.
import assert from 'node:assert/strict';
import { window, type StatusBarItem } from 'vscode';
import { Emitter } from '../../src/base/emitter';
import type { LockId } from '../../src/core/model/lock';
import { FileStatuses } from '../../src/editor/views/fileStatus';
import { LockStatusBar } from '../../src/editor/views/statusBar';
import { toUri } from '../../src/editor/uris';
import { idOf, lock, stamp } from '../support/builders/locks';
import { statusSourcesByHand } from '../support/builders/statusSources';

type Shown = Partial<StatusBarItem> & { isShown: boolean };

/** Every item, as it is set; nothing else shows what another extension's item says. */
function itemsOf(create: () => unknown): Map<string, Shown> {
  const items = new Map<string, Shown>();
  const before = window.createStatusBarItem;
  const instead = (id: string) => {
    const item: Shown = { isShown: false };
    items.set(id, item);
    return Object.assign(item, {
      show: () => (item.isShown = true),
      hide: () => (item.isShown = false),
      dispose: () => undefined,
    });
  };
  Object.assign(window, { createStatusBarItem: instead });
  try {
    create();
  } finally {
    Object.assign(window, { createStatusBarItem: before });
  }
  return items;
}

function given() {
  const hands = statusSourcesByHand();
  const activeChanged = new Emitter<undefined>();
  let active: string | undefined;
  const openFiles = {
    active: () => (active === undefined ? undefined : toUri(idOf(active))),
    onDidChangeActive: activeChanged.event,
  };
  const statuses = new FileStatuses(hands.sources);
  const items = itemsOf(() => new LockStatusBar({ ...hands.sources, statuses, openFiles }));
  const textOf = (id: string) => {
    const item = items.get(`lockStatus.${id}`);
    return item?.isShown ? item.text : undefined;
  };
  return {
    ...hands,
    activate: (path: string | undefined) => {
      active = path;
      activeChanged.fire(undefined);
    },
    wait: (path: string) => {
      hands.list(path, [lock()]);
      hands.beginWait(idOf(path));
    },
    file: () => textOf('file'),
    waiting: () => textOf('waiting'),
    blocked: () => textOf('blocked'),
    hover: (id: string) => items.get(`lockStatus.${id}`)?.tooltip as string | undefined,
    hasWarning: () => items.get('lockStatus.file')?.backgroundColor !== undefined,
  };
}

describe('The items of the status bar', () => {
  it('count the files that wait beside the active one', () => {
    const { wait, activate, waiting, file } = given();
    assert.equal(waiting(), undefined);
    wait('report.md');
    assert.equal(waiting(), '$(watch) report.md: Waiting');
    activate('report.md');
    assert.equal(waiting(), undefined);
    assert.equal(file(), '$(watch) Waiting for Ann Lee · never expires');
    wait('notes.md');
    assert.equal(waiting(), '$(watch) notes.md: Waiting');
    wait('prices.csv');
    assert.equal(waiting(), '$(watch) 2 more files waiting');
    activate('other.md');
    assert.equal(waiting(), '$(watch) 3 files waiting');
  });

  it('leave a long name of a file that waits to the hover', () => {
    const { wait, activate, waiting, hover } = given();
    wait('report-of-the-quarter.md');
    assert.equal(waiting(), '$(watch) 1 file waiting');
    assert.match(hover('waiting') ?? '', /^report-of-the-quarter\.md: Waiting for Ann Lee/);
    wait('report.md');
    activate('report.md');
    assert.equal(waiting(), '$(watch) 1 more file waiting');
  });

  it('count blocked saves once there are several, and none that waits', () => {
    const { block, blocked, activate, wait, hover } = given();
    activate('a');
    block('a');
    assert.equal(blocked(), undefined, 'the message about the one says it');
    block('b', 'quota');
    assert.equal(blocked(), '$(warning) 2 blocked saves');
    assert.equal(hover('blocked'), 'b\na');
    wait('b');
    assert.equal(blocked(), undefined);
  });

  it('count no file whose text has the server’s changes by now', () => {
    const { list, block, blocked, merge } = given();
    for (const name of ['a', 'b', 'c']) {
      list(name, []);
      block(name, 'contentChanged');
    }
    assert.equal(blocked(), '$(warning) 3 blocked saves');
    merge('c', 'save');
    assert.equal(blocked(), '$(warning) 2 blocked saves');
    merge('b', 'resolve');
    assert.equal(blocked(), undefined);
  });

  it('are one where files wait and others are blocked, which leaves room for the active one', () => {
    const { block, blocked, waiting, activate, wait, hover } = given();
    for (const name of ['a', 'b']) block(name);
    wait('report.md');
    assert.deepEqual([waiting(), blocked()], [undefined, '$(warning) 2 blocked, 1 waiting']);
    assert.match(hover('blocked') ?? '', /^b\na\nreport\.md: Waiting for Ann Lee/);
    wait('notes.md');
    activate('notes.md');
    assert.equal(blocked(), '$(warning) 2 blocked, 2 waiting');
    assert.match(hover('blocked') ?? '', /^notes\.md: Waiting for Ann Lee/m);
    activate('b');
    wait('b');
    // One blocked save has its message.
    assert.deepEqual([waiting(), blocked()], ['$(watch) 2 more files waiting', undefined]);
  });

  it('leave the end of a long name of a blocked file to the hover', () => {
    const { list, beginWait, blocked, hover } = given();
    list('report-of-the-quarter.md', []);
    beginWait(idOf('report-of-the-quarter.md'), 'conflict');
    assert.equal(blocked(), '$(warning) report-of-the…: Changed on server: review');
    assert.equal(hover('blocked'), 'report-of-the-quarter.md: Changed on server: review');
  });

  it('name a file that was not saved by itself because it was changed, unless it is the active one', () => {
    const { list, beginWait, endWait, activate, blocked } = given();
    list('a', []);
    beginWait(idOf('a'), 'conflict');
    assert.equal(blocked(), '$(warning) a: Changed on server: review');
    activate('a');
    assert.equal(blocked(), undefined);
    endWait(idOf('a'));
    activate('b');
    assert.equal(blocked(), undefined);
  });

  it('show one warning for the active file, whatever is wrong with it', () => {
    const { list, setDirty, activate, file, hasWarning, block, merge } = given();
    const icons = () => file()?.match(/\$\(warning\)/g)?.length ?? 0;
    activate('a');
    list('a', [lock()]);
    assert.deepEqual([icons(), hasWarning()], [0, false]);
    setDirty('a', true);
    assert.equal(file(), '$(lock) Ann Lee · never expires $(warning)');
    assert.deepEqual([icons(), hasWarning()], [1, true]);
    block('a');
    assert.equal(icons(), 1);
    list('a', [], 2);
    block('a', 'contentChanged');
    assert.equal(file(), '$(warning) Changed on server: review');
    assert.deepEqual([icons(), hasWarning()], [1, true]);
    merge('a', 'save');
    assert.deepEqual([icons(), hasWarning()], [0, false]);
  });

  it('show one warning for a lost lock that somebody else holds', () => {
    const { sources, list, setDirty, activate, file } = given();
    const id = 'ours' as LockId;
    activate('a');
    setDirty('a', true);
    list('a', [lock({ id, holder: { self: 'thisWindow' } })]);
    sources.store.apply({ kind: 'lost', resource: idOf('a'), id, why: 'taken', at: stamp(2) });
    list('a', [lock()], 3);
    assert.equal(file(), '$(warning) Lock lost');
  });
});
