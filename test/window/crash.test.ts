// The extension host dies without a word: locks that it held, texts that were refused and waits are found again.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import { untilWaitsKept } from '../support/hosts/backups';
import { crashExtensionHosts } from '../support/hosts/extensionHosts';
import type { PersonWindow } from '../support/hosts/personWindow';
import { openSignedIn } from '../support/hosts/signedIn';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';

describe('After a crash', () => {
  let server: LockServer;
  let window: PersonWindow;
  let ann: Colleague;

  before(async () => {
    server = await startServer('apache');
    const names = ['plan.md', 'draft.md', 'report.md', 'wait.md'];
    server.seed(Object.fromEntries(names.map((name) => [name, 'Text.\n'])));
    ann = new Colleague(server.url, accounts.bob);
    for (const name of ['report.md', 'wait.md']) await ann.lock(name, { owner: 'Ann Lee' });
    window = await openSignedIn(server, { settings: { 'lockStatus.refreshInterval': 1 } });
    await window.openFile('plan.md');
    await window.runCommand('Locks: Lock File');
    await window.explorerRow('plan.md', ({ badge }) => badge === 'Me');
    await window.openFile('draft.md');
    await window.type('Mine: ');
    await window.explorerRow('draft.md', ({ badge }) => badge === 'Me');
    await window.save();
    await window.untilDirty('draft.md', false);
    for (const name of ['report.md', 'wait.md']) {
      await window.openFile(name);
      await window.type('Mine: ');
      await window.save();
      await window.toast(new RegExp(`Failed to save '${name}'`));
    }
    await window.clickCodeLens('Save When Free');
    await window.statusBarItem(/^Waiting for Ann Lee/);
    await untilWaitsKept(window.host, ['wait.md']);
    assert.equal(crashExtensionHosts(window.host), 1);
    await window.reload();
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  const recover = async (name: string) => {
    await window.runCommand('Locks: Recover Unsaved Text…');
    await window.pick(name);
    await window.pick('Restore in Editor');
    await window.untilActive(name);
    await window.untilDirty(name, true);
  };

  it('a wait goes on when its text is back', async () => {
    await recover('wait.md');
    await window.statusBarItem(/^Waiting for Ann Lee/);
    await window.screenshot('crashed-wait');
    await ann.unlock('wait.md');
    await window.untilDirty('wait.md', false);
    assert.equal(await ann.get('wait.md'), 'Mine: Text.\n');
  });

  it('the refused text is kept, and comes back unsaved into its editor', async () => {
    assert.equal(await ann.get('report.md'), 'Text.\n');
    await window.runCommand('Locks: Recover Unsaved Text…');
    const items = await window.quickPickItems();
    await window.screenshot('crashed');
    assert.ok(
      items.some(({ label }) => label.includes('report.md')),
      JSON.stringify(items),
    );
    await window.press('Escape');
    await recover('report.md');
    await window.until({
      what: 'the refused text in its editor',
      read: () => window.editorText(),
      accept: (text) => text.includes('Mine: Text'),
    });
    assert.equal(await ann.get('report.md'), 'Text.\n');
  });

  it('the lock that was held is ours again, and can be released', async () => {
    await assert.rejects(ann.lock('plan.md', { owner: 'Ann Lee' }), /423/);
    await window.openFile('plan.md');
    await window.statusBarItem(/You/);
    await window.screenshot('crashed-lock');
    await window.runCommand('Locks: Release Lock');
    await window.statusBarItem(/Free/);
    await ann.lock('plan.md', { owner: 'Ann Lee' });
  });

  it('a lock that came with the editing is offered, for each server, to be released', async () => {
    await window.statusBarItem(/1 lock left/);
    await assert.rejects(ann.lock('draft.md', { owner: 'Ann Lee' }), /423/);
    await window.runCommand('Locks: Recover Unsaved Text…');
    const offers = (await window.quickPickItems()).filter(({ label }) => label.includes('1 lock'));
    await window.screenshot('crashed-left');
    assert.equal(offers.length, 1);
    await window.press('Escape');
    await window.runCommand('Locks: Recover Unsaved Text…');
    await window.pick(`${new URL(server.url).host}: 1 lock`);
    await window.pick('Release');
    await window.untilNoStatusBarItem(/lock left/);
    await ann.lock('draft.md', { owner: 'Ann Lee' });
  });
});
