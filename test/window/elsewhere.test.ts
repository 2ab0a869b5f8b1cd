// One person at two machines and in two windows: only what this installation has stored proves whose a lock is.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import type { PersonWindow } from '../support/hosts/personWindow';
import { openSignedIn } from '../support/hosts/signedIn';
import { folderOf } from '../support/hosts/windowUnderTest';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';

describe('The same person elsewhere', () => {
  let server: LockServer;
  let desk: PersonWindow;
  let laptop: PersonWindow;

  before(async () => {
    server = await startServer('apache');
    server.seed({ 'plan.md': 'Plan.\n', 'tasks.md': 'Tasks.\n' });
    // Were the loss noticed before the other computer saves, the lock would be taken again: nothing has changed yet.
    desk = await openSignedIn(server, { settings: { 'lockStatus.refreshInterval': 600 } });
    await desk.openFile('plan.md');
    await desk.runCommand('Locks: Lock File');
    await desk.statusBarItem(/You · /);
    laptop = await openSignedIn(server, { settings: { 'lockStatus.refreshInterval': 1 } });
  });

  after(async () => {
    await laptop.close();
    await desk.close();
    await server.stop();
  });

  it('is shown as somebody: anybody could write the same owner text', async () => {
    await laptop.openFile('plan.md');
    await laptop.statusBarItem(/Someone · /);
    await laptop.screenshot('elsewhere');
  });

  it('loses the lock to whom breaks it, after a question', async () => {
    await laptop.runCommand('Locks: Break Lock…');
    const { message } = await laptop.dialog();
    await laptop.screenshot('break-elsewhere');
    assert.equal(message, 'Break the lock on plan.md?');
    await laptop.answerDialog('Break Lock');
    await laptop.toast(/Broke the lock on plan.md/);
    await laptop.type('Mine: ');
    await laptop.save();
    await laptop.untilDirty('plan.md', false);
    const bob = new Colleague(server.url, accounts.bob);
    assert.equal(await bob.get('plan.md'), 'Mine: Plan.\n');
  });

  it('is told where the lock was held that it was lost', async () => {
    await desk.setSettings({ 'lockStatus.refreshInterval': 1 });
    await desk.toast(/Your lock on plan.md was lost/);
    await desk.screenshot('taken-over');
    assert.equal((await desk.toasts()).length, 1);
  });

  it('sees the lock of another window of the same computer as their own, and can take it over', async () => {
    await desk.openFile('tasks.md');
    await desk.runCommand('Locks: Lock File');
    await desk.statusBarItem(/You · /);
    const second = await desk.another(folderOf(server.url));
    await second.explorerRow('tasks.md', ({ badge }) => badge === 'L');
    await second.openFile('tasks.md');
    await second.statusBarItem(/You on /);
    await second.runCommand('Locks: Lock Actions…');
    const labels = (await second.quickPickItems()).map(({ label }) => label);
    assert.ok(!labels.some((label) => label.startsWith('Ask Lock Holder')), labels.join(', '));
    await second.pick('Take Over…');
    await second.dialog();
    await second.answerDialog('Take Over');
    await second.statusBarItem(/You · /);
    await desk.page.bringToFront();
    await desk.toast(/Your lock on tasks.md was lost/);
  });
});
