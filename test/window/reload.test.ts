// Unsaved text over a reload of the window: it comes back, and is still judged by what the person saw.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import { untilBackedUp, untilWaitsKept } from '../support/hosts/backups';
import type { PersonWindow } from '../support/hosts/personWindow';
import { selectors } from '../support/hosts/selectors';
import { openSignedIn } from '../support/hosts/signedIn';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';

describe('A reload of the window', () => {
  let server: LockServer;
  let window: PersonWindow;
  let ann: Colleague;

  before(async () => {
    server = await startServer('apache');
    const one = Object.fromEntries(
      ['done.md', 'report.md', 'wait.md', 'overlap.md'].map((name) => [name, 'Text.\n']),
    );
    const agreed = Object.fromEntries(
      ['agreed.md', 'other.md'].map((name) => [name, 'One.\nTwo.\nThree.\n']),
    );
    server.seed({ ...one, ...agreed, 'merged.md': 'One.\nTwo.\n' });
    ann = new Colleague(server.url, accounts.bob);
    for (const path of ['report.md', 'wait.md']) await ann.lock(path, { owner: 'Ann Lee' });
    window = await openSignedIn(server, { settings: { 'lockStatus.refreshInterval': 1 } });
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  it('brings refused text back unsaved, and never puts it over what came meanwhile', async () => {
    for (const name of ['wait.md', 'report.md']) {
      await window.openFile(name);
      await window.type('Mine: ');
      await window.save();
      await window.toast(new RegExp(`Failed to save '${name}'`));
    }
    await window.openFile('wait.md');
    await window.clickCodeLens('Save When Free');
    await window.statusBarItem(/^Waiting for Ann Lee/);
    await ann.put('report.md', 'By Ann.\n');
    await ann.unlock('report.md');
    await untilBackedUp(window.host, { 'report.md': 'Mine: ', 'wait.md': 'Mine: ' });
    await untilWaitsKept(window.host, ['wait.md']);
    await window.reload();
    await window.untilDirty('report.md', true);
    await window.untilDirty('wait.md', true);
    await window.explorerRow('wait.md', ({ badge }) => badge === 'W');
    await window.screenshot('reloaded');
    await window.openFile('report.md');
    await window.until({
      what: 'the text as it was',
      read: () => window.editorText(),
      accept: (text) => text.startsWith('Mine: Text'),
    });
    await window.save();
    const toast = await window.toast(/Failed to save 'report.md'/);
    await window.screenshot('reloaded-refused');
    assert.match(toast.text, /Changed on the server/);
    assert.equal(await ann.get('report.md'), 'By Ann.\n');
  });

  it('goes on waiting, and still marks what differs from the server’s version', async () => {
    await window.statusBarItem(/^wait.md: Waiting$/);
    await window.openFile('wait.md');
    await window.until({
      what: 'the mark in the gutter',
      read: () => window.page.locator(selectors.gutterMark).count(),
      accept: (count) => count === 1,
    });
    await ann.unlock('wait.md');
    await window.untilDirty('wait.md', false);
    assert.equal(await ann.get('wait.md'), 'Mine: Text.\n');
  });

  it('knows what is merged with the server’s version, and saves it over that one only', async () => {
    for (const name of ['overlap.md', 'merged.md']) {
      await window.openFile(name);
      await window.type('Mine: ');
      const theirs = name === 'merged.md' ? `${await ann.get(name)}By Ann.\n` : 'By Ann.\n';
      server.seed({ [name]: theirs });
      await window.save();
      await window.toast(/Changed on the server/);
      await window.runCommand('Locks: Merge with Server Version');
      await window.statusBarItem(/^Merged: /);
      await window.runCommand('Notifications: Clear All Notifications');
    }
    await untilBackedUp(window.host, { 'merged.md': 'By Ann.', 'overlap.md': '<<<<<<<' });
    await window.reload();
    await window.openFile('overlap.md');
    await window.statusBarItem(/^Merged: resolve conflicts$/);
    // What is merged already is not merged again.
    await window.runCommand('Locks: Merge with Server Version');
    const toast = await window.toast(/Merged the server’s changes into/);
    assert.deepEqual([toast.buttons], [['Show Changes']]);
    assert.equal((await window.editorText()).split('<<<<<<<').length, 2);
    await window.openFile('merged.md');
    await window.statusBarItem(/^Merged: save$/);
    await window.screenshot('reloaded-merged');
    await window.save();
    await window.untilDirty('merged.md', false);
    assert.equal(await ann.get('merged.md'), 'Mine: One.\nTwo.\nBy Ann.\n');
    server.seed({ 'overlap.md': 'By Ann, again.\n' });
    await window.openFile('overlap.md');
    await window.save();
    await window.toast(/Changed on the server/);
    assert.equal(await ann.get('overlap.md'), 'By Ann, again.\n');
  });

  it('remembers which version is to be overwritten, and that the text was made from another', async () => {
    const names = ['agreed.md', 'other.md'];
    for (const name of names) {
      await window.openFile(name);
      await window.type('Mine: ');
      await window.explorerRow(name, ({ badge }) => badge === 'Me');
      server.seed({ [name]: 'One.\nTwo.\nThree, by Ann.\n' });
      await window.save();
      await window.toast(/Changed on the server/);
      await window.runCommand('Notifications: Clear All Notifications');
      await window.runCommand('Locks: Release Lock');
      await window.until({
        what: 'no lock on the server',
        read: () => ann.locksOn(name),
        accept: (tokens) => tokens.length === 0,
      });
      await ann.lock(name, { owner: 'Ann Lee' });
      await window.runCommand('Locks: Compare with Server');
      await window.until({
        what: 'the comparison',
        read: () => window.tabs(),
        accept: (tabs) => tabs.filter((tab) => tab.name === name).length === 2,
      });
      await window.runCommand('Locks: Overwrite Server Version…');
      await window.answerDialog('Overwrite');
      await window.toast(/Locked by Ann Lee/);
      await window.runCommand('Notifications: Clear All Notifications');
    }
    await untilBackedUp(window.host, { 'agreed.md': 'Mine: ', 'other.md': 'Mine: ' });
    await window.reload();
    for (const name of names) await window.untilDirty(name, true);
    await ann.put('other.md', 'Zero.\nOne.\nTwo.\nThree, by Ann.\n');
    for (const name of names) await ann.unlock(name);

    await window.openFile('agreed.md');
    await window.save();
    await window.untilDirty('agreed.md', false);
    assert.equal(await ann.get('agreed.md'), 'Mine: One.\nTwo.\nThree.\n');

    await window.openFile('other.md');
    await window.save();
    await window.toast(/Changed on the server/);
    await window.screenshot('reloaded-overwriting');
    // The version that was to be overwritten is one more that somebody has written.
    server.seed({ 'other.md': 'One.\nTwo.\nThree, by Ann.\n' });
    await window.runCommand('Notifications: Clear All Notifications');
    await window.save();
    await window.toast(/Changed on the server/);
    await window.runCommand('Locks: Merge with Server Version');
    await window.toast(/Merged the server’s changes into other.md/);
    assert.equal(await window.editorText(), 'Mine: One.\nTwo.\nThree, by Ann.\n');
    assert.equal(await ann.get('other.md'), 'One.\nTwo.\nThree, by Ann.\n');
  });

  it('lets go of the lock of a file that is saved', async () => {
    await window.openFile('done.md');
    await window.type('Mine: ');
    await window.explorerRow('done.md', ({ badge }) => badge === 'Me');
    await window.save();
    await window.untilDirty('done.md', false);
    const [token] = await ann.locksOn('done.md');
    assert.notEqual(token, undefined);
    await window.reload();
    await window.until({
      what: 'the end of the lock',
      read: () => ann.locksOn('done.md'),
      accept: (tokens) => !tokens.includes(token ?? ''),
    });
  });
});
