// Our own locks as the person meets them: taken while typing, let go after, and lost.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import type { PersonWindow } from '../support/hosts/personWindow';
import { openSignedIn } from '../support/hosts/signedIn';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';
import { clockTime } from '../support/hosts/clockTime';

describe('Our own locks', () => {
  let server: LockServer;
  let window: PersonWindow;
  let ann: Colleague;
  let alice: Colleague;

  before(async () => {
    server = await startServer('nephele');
    const names = [
      'free.md',
      'held.md',
      'opened.md',
      'manual.md',
      'lost.md',
      'stolen.md',
      'broken.md',
      'changed.md',
    ];
    server.seed(Object.fromEntries(names.map((name) => [name, 'Text.\n'])));
    ann = new Colleague(server.url, accounts.bob);
    alice = new Colleague(server.url, accounts.alice);
    await ann.lock('held.md', { owner: 'Ann Lee' });
    window = await openSignedIn(server, { settings: { 'lockStatus.refreshInterval': 1 } });
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  const badge = (name: string, wanted: string) => window.explorerRow(name, (row) => row.badge === wanted);

  const closeEditor = async (name: string) => {
    await window.runCommand('View: Close Editor');
    await window.until({
      what: `end of the tab ${name}`,
      read: () => window.tabs(),
      accept: (tabs) => !tabs.some((tab) => tab.name === name),
    });
  };

  /** What an administrator's tool does: the lock goes without its holder. */
  const takeAway = async (name: string) => {
    for (const token of await alice.locksOn(name)) await alice.unlock(name, token);
  };

  const newLock = async (name: string, before: string | undefined) => {
    await window.until({
      what: 'a new lock of ours',
      read: async () => (await ann.locksOn(name))[0],
      accept: (token) => token !== undefined && token !== before,
    });
    await badge(name, 'Me');
  };

  /** A lock that is taken for one save alone is released after the file is saved: nobody waits for it. */
  const unlocked = (name: string) =>
    window.until({
      what: `end of the lock on ${name}`,
      read: () => ann.locksOn(name),
      accept: (tokens) => tokens.length === 0,
    });

  it('are taken with the first keystroke, and let go after the file was closed', async () => {
    await window.openFile('free.md');
    assert.deepEqual(await ann.locksOn('free.md'), []);
    await window.type('x');
    await badge('free.md', 'Me');
    await window.statusBarItem(/You · 10 min left/);
    assert.equal((await ann.locksOn('free.md')).length, 1);
    await window.save();
    await window.untilDirty('free.md', false);
    await closeEditor('free.md');
    await badge('free.md', '');
    assert.deepEqual(await ann.locksOn('free.md'), []);
  });

  it('that are refused leave the text alone, and it can be typed on', async () => {
    await window.openFile('held.md');
    await window.type('x');
    await window.until({
      what: 'a warning in the status bar',
      read: () => window.statusBarItems(),
      accept: (items) => items.some(({ text, kind }) => /Ann Lee/.test(text) && kind === 'warning'),
    });
    await window.type('yz ');
    await window.until({
      what: 'all that was typed',
      read: () => window.editorText(),
      accept: (text) => text.startsWith('xyz Text'),
    });
    await window.until({
      what: 'a line above line 1',
      read: () => window.codeLenses(),
      accept: (lenses) => lenses.some((text) => text.includes('Locked by Ann Lee (unverified) until')),
    });
    await window.screenshot('lock-refused');
    assert.deepEqual(await window.toasts(), []);
  });

  it('are taken on opening, or by hand only, as set', async () => {
    await window.setSettings({ 'lockStatus.lockOn': 'open' });
    await window.openFile('opened.md');
    await badge('opened.md', 'Me');
    assert.equal((await ann.locksOn('opened.md')).length, 1);
    await closeEditor('opened.md');
    await badge('opened.md', '');

    await window.setSettings({ 'lockStatus.lockOn': 'manual' });
    await window.openFile('manual.md');
    await window.type('mine ');
    await window.save();
    await window.untilDirty('manual.md', false);
    await unlocked('manual.md');
    await window.runCommand('Locks: Lock File');
    await badge('manual.md', 'Me');
    await closeEditor('manual.md');
    await window.openFile('free.md');
    assert.equal((await ann.locksOn('manual.md')).length, 1);
    await window.runCommand('Locks: Release All My Locks');
    await badge('manual.md', '');
    assert.deepEqual(await ann.locksOn('manual.md'), []);
    await window.setSettings({ 'lockStatus.lockOn': 'edit' });
  });

  it('that are broken while nothing changed are taken again without a word', async () => {
    await window.openFile('broken.md');
    await window.type('x');
    await badge('broken.md', 'Me');
    const [before] = await ann.locksOn('broken.md');
    await takeAway('broken.md');
    await newLock('broken.md', before);
    assert.deepEqual(await window.toasts(), []);
  });

  it('that the server has forgotten over a restart are taken again without a word', async () => {
    const [before] = await ann.locksOn('broken.md');
    await server.restart({ forgetLocks: true });
    await ann.lock('held.md', { owner: 'Ann Lee' });
    await newLock('broken.md', before);
    assert.deepEqual(await window.toasts(), []);
  });

  it('that another has taken are told once, with what can be done', async () => {
    await window.openFile('lost.md');
    await window.type('x');
    await badge('lost.md', 'Me');
    await takeAway('lost.md');
    await ann.lock('lost.md', { owner: 'Ann Lee' });
    const toast = await window.toast(/Your lock on lost.md was lost/);
    await window.screenshot('lost');
    assert.match(toast.text, new RegExp(`Locked by Ann Lee \\(unverified\\) until ${clockTime}\\.$`));
    assert.equal((await window.toasts()).length, 1);
    await badge('lost.md', '!');
    await window.clickButton('Save When Free');
    await window.statusBarItem(/Waiting for Ann Lee/);
    await ann.unlock('lost.md');
    await window.untilDirty('lost.md', false);
    assert.match(await ann.get('lost.md'), /^x/);
  });

  it('that are lost are no second message beside that of a refused save', async () => {
    await window.openFile('stolen.md');
    await window.type('x');
    await badge('stolen.md', 'Me');
    await takeAway('stolen.md');
    await ann.lock('stolen.md', { owner: 'Ann Lee' });
    await window.toast(/Your lock on stolen.md was lost/);
    await window.save();
    await window.toast(/Failed to save 'stolen.md'/);
    assert.equal((await window.toasts()).length, 1);
    await window.screenshot('lost-refused');
    await window.runCommand('File: Revert File');
    await window.untilNoToast(/Failed to save/);
  });

  it('that went with a change of the content are told, and the change is shown', async () => {
    await window.openFile('changed.md');
    await window.type('x');
    await badge('changed.md', 'Me');
    // Under the lock: once it is free, it may be taken again before somebody else has written.
    const [token] = await alice.locksOn('changed.md');
    if (token !== undefined) alice.held.set('changed.md', token);
    await alice.put('changed.md', 'By Ann.\n');
    await takeAway('changed.md');
    const toast = await window.toast(/Your lock on changed.md was lost/);
    assert.match(toast.text, /The file was changed on the server since then/);
    await window.clickButton('Compare');
    await window.until({
      what: 'a comparison',
      read: () => window.tabs(),
      accept: (tabs) => tabs.filter(({ name }) => name === 'changed.md').length === 2,
    });
    await window.screenshot('lost-compare');
    assert.equal(await ann.get('changed.md'), 'By Ann.\n');
  });
});
