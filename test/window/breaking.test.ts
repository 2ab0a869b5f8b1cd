// Breaking somebody else's lock: only after a question, only where the server lets it be broken.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import type { PersonWindow } from '../support/hosts/personWindow';
import { openSignedIn } from '../support/hosts/signedIn';
import { skipWithout } from '../support/rings/skipWithout';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer, type ServerKind } from '../support/servers/server';

interface Scene {
  readonly server: LockServer;
  readonly window: PersonWindow;
  readonly ann: Colleague;
}

async function scene(kind: ServerKind): Promise<Scene> {
  const server = await startServer(kind);
  server.seed({ 'report.md': 'Text.\n' });
  const ann = new Colleague(server.url, accounts.bob);
  await ann.lock('report.md', { owner: 'Ann Lee' });
  const window = await openSignedIn(server, { settings: { 'lockStatus.refreshInterval': 2 } });
  await window.openFile('report.md');
  await window.explorerRow('report.md', ({ badge }) => badge === 'L');
  return { server, window, ann };
}

describe('Breaking a lock', () => {
  let open: Scene | undefined;

  /** Where the scene on that server is open already, it goes on. */
  async function enter(kind: ServerKind): Promise<Scene> {
    if (open?.server.kind === kind) return open;
    await leave();
    return (open = await scene(kind));
  }

  async function leave(): Promise<void> {
    await open?.window.close();
    await open?.server.stop();
    open = undefined;
  }

  after(leave);

  it('asks first, ends the lock, and offers to tell the holder', async function () {
    skipWithout(this, 'nginx');
    const { window, ann } = await enter('nginx');
    await window.runCommand('Locks: Break Lock…');
    const question = await window.dialog();
    await window.screenshot('break');
    assert.equal(question.message, 'Break the lock on report.md?');
    assert.match(question.detail, /may be lost/);
    await window.answerDialog('Cancel');
    assert.equal((await ann.locksOn('report.md')).length, 1, 'nothing happens without a yes');

    await window.runCommand('Locks: Break Lock…');
    await window.dialog();
    await window.answerDialog('Break Lock');
    const told = await window.toast(/^Broke the lock on .*Its holder doesn’t know yet/);
    await window.screenshot('broken');
    assert.deepEqual(told.buttons, ['Tell Lock Holder…']);
    assert.deepEqual(await ann.locksOn('report.md'), []);
    await window.statusBarItem(/Free/);
  });

  it('says who can where the server binds a lock to its account', async function () {
    skipWithout(this, 'apache');
    const { window, ann } = await enter('apache');
    await window.runCommand('Locks: Break Lock…');
    const { detail } = await window.dialog();
    assert.match(detail, /Locked by Ann Lee \(unverified\)/);
    await window.answerDialog('Break Lock');
    const { text } = await window.toast(/lets only the account that took a lock release it/);
    await window.screenshot('break-refused');
    assert.match(text, /Ann Lee can release it, or the administrator/);
    await window.runCommand('Notifications: Clear All Notifications');
    assert.equal((await ann.locksOn('report.md')).length, 1);
  });

  it('checks a server only after a question, and leaves nothing behind', async function () {
    skipWithout(this, 'apache');
    const { window, ann } = await enter('apache');
    await window.runCommand('Locks: Explain Lock');
    const page = window.page.frameLocator('iframe.webview').last().frameLocator('iframe');
    await page.getByRole('button', { name: /Check This Server/i }).click();
    await window.dialog();
    await window.screenshot('check-question');
    await window.answerDialog('Check');
    await page.getByText('Server check').click();
    await page.getByText('A write without the lock is refused.').waitFor();
    await window.screenshot('checked');
    assert.doesNotMatch(await ann.propfind('', '1'), /lock-status/i);
  });
});
