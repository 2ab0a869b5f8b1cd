// The extension host dies without a word: locks that it held and texts that were refused are found again.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
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
    server.seed({ 'plan.md': 'Plan.\n', 'report.md': 'Text.\n' });
    ann = new Colleague(server.url, accounts.bob);
    await ann.lock('report.md', { owner: 'Ann Lee' });
    window = await openSignedIn(server, { settings: { 'lockStatus.refreshInterval': 1 } });
    await window.openFile('plan.md');
    await window.runCommand('Locks: Lock File');
    await window.explorerRow('plan.md', ({ badge }) => badge === 'L');
    await window.openFile('report.md');
    await window.type('Mine: ');
    await window.save();
    await window.toast(/Failed to save 'report.md'/);
    assert.equal(crashExtensionHosts(window.host), 1);
    await window.reload();
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  it('the refused text is kept, and comes back unsaved into its editor', async () => {
    assert.equal(await ann.get('report.md'), 'Text.\n');
    await window.runCommand('Locks: Recover Blocked Saves…');
    const items = await window.quickPickItems();
    await window.screenshot('crashed');
    assert.ok(
      items.some(({ label }) => label.includes('report.md')),
      JSON.stringify(items),
    );
    await window.pick('report.md');
    await window.pick('Restore into an editor');
    await window.untilActive('report.md');
    await window.untilDirty('report.md', true);
    assert.match(await window.editorText(), /Mine: Text/);
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
});
