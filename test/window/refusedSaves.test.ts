// Several refused saves at once, saving by itself, and changing one's mind: what the window says, and what it leaves.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import type { PersonWindow } from '../support/hosts/personWindow';
import { readNotifications } from '../support/hosts/readings';
import { openSignedIn } from '../support/hosts/signedIn';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';
import { clockTime } from '../support/hosts/clockTime';

const blocked = ['one.md', 'two.md', 'three.md'];
const held = [...blocked, 'auto.md', 'focus.md'];

describe('Refused saves', () => {
  let server: LockServer;
  let window: PersonWindow;
  let ann: Colleague;

  before(async () => {
    server = await startServer('nephele');
    server.seed(Object.fromEntries([...held, 'free.md'].map((name) => [name, 'Text.\n'])));
    ann = new Colleague(server.url, accounts.bob);
    for (const path of held) await ann.lock(path, { owner: 'Ann Lee' });
    window = await openSignedIn(server, { settings: { 'lockStatus.refreshInterval': 1 } });
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  const edit = async (name: string, text: string) => {
    await window.openFile(name);
    await window.type(text);
    await window.untilDirty(name, true);
  };

  const untilQuiet = async (name: string) => {
    await window.untilNoToast(/Failed to save/);
    await window.untilNoStatusBarItem(/not saved|blocked|waiting/i);
    await window.viewRows(
      'Locks',
      (rows) => !rows.some(({ description }) => /not saved|waiting/i.test(description)),
    );
    assert.equal(await ann.get(name), 'Text.\n');
  };

  it('are told one by one after Save All, and counted in the status bar', async () => {
    for (const name of [...blocked, 'free.md']) await edit(name, 'Mine: ');
    await window.runCommand('File: Save All');
    // Three toasts of this height do not fit into every window.
    await window.runCommand('Notifications: Show Notifications');
    const messages = await window.until({
      what: 'three messages',
      read: () => readNotifications(window.page),
      accept: (all) => all.length === 3,
    });
    await window.runCommand('Notifications: Hide Notifications');
    const summary = await window.statusBarItem(/^3 blocked saves$/);
    await window.screenshot('save-all');
    assert.match(summary.label, /two\.md: Ann Lee \(unverified\) · /);
    const told = new RegExp(`\\(Locked by Ann Lee \\(unverified\\) until ${clockTime}\\. Save When Free`);
    for (const { text } of messages) assert.match(text, told);
    await window.untilDirty('free.md', false);
    for (const name of blocked) {
      assert.equal(await window.tabIsDirty(name), true, name);
      assert.equal(await ann.get(name), 'Text.\n', name);
    }
  });

  it('can wait for two locks at once', async () => {
    for (const name of ['one.md', 'two.md']) {
      await window.openFile(name);
      await window.clickCodeLens('Save When Free');
    }
    // The active file's own item says it for that file.
    await window.statusBarItem(/^one.md: Waiting$/);
    await window.statusBarItem(/^Waiting for Ann Lee/);
    await window.screenshot('waiting-two');
    for (const name of ['one.md', 'two.md']) {
      await ann.unlock(name);
      await window.untilDirty(name, false);
      assert.equal(await ann.get(name), 'Mine: Text.\n');
    }
  });

  it('leave nothing behind when the changes are thrown away', async () => {
    await window.openFile('three.md');
    await window.clickCodeLens('Save When Free');
    await window.statusBarItem(/^Waiting for Ann Lee/);
    await window.runCommand('File: Revert File');
    await window.untilDirty('three.md', false);
    await untilQuiet('three.md');
    await window.screenshot('reverted');
  });

  it('leave nothing behind when the tab is closed without saving', async () => {
    await edit('three.md', 'again ');
    await window.save();
    await window.toast(/Failed to save/);
    await window.clickLink('Save When Free');
    await window.statusBarItem(/^Waiting for Ann Lee/);
    await window.press('Control+1');
    await window.runCommand('View: Close Editor');
    await window.answerDialog("Don't Save");
    await untilQuiet('three.md');
    // Nobody here takes the lock any more when it becomes free.
    await ann.unlock('three.md');
    await window.explorerRow('three.md', ({ badge }) => badge === '');
    assert.equal(await ann.get('three.md'), 'Text.\n');
  });

  it('are told once while VS Code saves when the focus goes elsewhere', async () => {
    await window.setSettings({ 'files.autoSave': 'onFocusChange' });
    await edit('focus.md', 'focus ');
    await window.openFile('free.md');
    await window.toast(/Failed to save 'focus.md'/);
    await window.openFile('focus.md');
    await window.type('more ');
    await window.openFile('free.md');
    assert.equal((await window.toasts()).length, 1);
    await window.clickLink('Save When Free');
    await window.statusBarItem(/focus.md: Waiting/);
    await ann.unlock('focus.md');
    await window.untilDirty('focus.md', false);
    assert.equal(await ann.get('focus.md'), 'focus more Text.\n');
  });

  it('are told once while VS Code saves by itself after a moment, and are saved in the end', async () => {
    await window.setSettings({ 'files.autoSaveDelay': 300, 'files.autoSave': 'afterDelay' });
    await window.openFile('auto.md');
    await window.type('auto ');
    await window.toast(/Failed to save 'auto.md'/);
    await window.clickLink('Save When Free');
    await window.statusBarItem(/^Waiting/);
    await window.press('Control+1');
    await window.type('more ');
    await window.screenshot('auto-save');
    await ann.unlock('auto.md');
    await window.untilDirty('auto.md', false);
    await window.untilNoToast(/Failed to save/);
    assert.equal(await ann.get('auto.md'), 'auto more Text.\n');
  });
});
