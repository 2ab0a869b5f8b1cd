// The explanation as a person sees it: kept up to date, and still there after a reload.
import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import { Colleague } from '../support/colleague';
import { skipWithout } from '../support/rings/skipWithout';
import { openSignedIn } from '../support/hosts/signedIn';
import type { PersonWindow } from '../support/hosts/personWindow';
import { startApache } from '../support/servers/apache';
import { accounts, type LockServer } from '../support/servers/server';

const owner = 'Ann Lee <mailto:ann.lee@example.com>';

describe('The explanation of a lock', function () {
  let server: LockServer;
  let window: PersonWindow;
  let ann: Colleague;

  before(async function () {
    skipWithout(this, 'apache');
    server = await startApache();
    server.seed({ 'report.md': 'First line.\n' });
    ann = new Colleague(server.url, accounts.bob);
    await ann.lock('report.md', { owner, timeout: 'Second-300' });
    window = await openSignedIn(server, { settings: { 'lockStatus.refreshInterval': 2 } });
  });

  after(async () => {
    await window?.close();
    await server?.stop();
  });

  const page = (): FrameLocator => window.page.frameLocator('iframe.webview').last().frameLocator('iframe');

  it('says why a save is refused, how sure that is, and what to do', async () => {
    await window.openFile('report.md');
    await window.type('Mine: ');
    await window.save();
    await window.toast(/Failed to save/);
    await window.runCommand('Locks: Explain Lock');
    await page().getByText('Ann Lee (unverified) is editing this file.').waitFor();
    await window.screenshot('explain');
    assert.equal(
      await page()
        .getByText(/names the holder: "Ann Lee"/)
        .count(),
      1,
    );
    assert.ok((await page().getByRole('button').allInnerTexts()).includes('Break…'));
    // Nothing covers the buttons.
    await window.untilNoToast('');
  });

  it('is there again after the window was loaded anew', async () => {
    // By the editor's own command: it keeps its layout before it goes.
    const loaded = window.page.waitForEvent('load');
    await window.runCommand('Developer: Reload Window');
    await loaded;
    await page().getByText('Ann Lee (unverified) is editing this file.').waitFor();
  });

  it('changes with the lock while it is open', async () => {
    await ann.unlock('report.md');
    await page().getByText('The file isn’t locked.').waitFor();
    await window.screenshot('explain-free');
  });
});
