// What only the window shows of unsaved texts: the Source Control view and the marks in the gutter.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import type { PersonWindow } from '../support/hosts/personWindow';
import { selectors } from '../support/hosts/selectors';
import { openSignedIn } from '../support/hosts/signedIn';
import { accounts, type LockServer } from '../support/servers/server';
import { startServer } from '../support/servers/start';

describe('The Source Control view and the gutter', () => {
  let server: LockServer;
  let window: PersonWindow;
  let ann: Colleague;

  before(async () => {
    server = await startServer('nephele');
    server.seed({ 'report.md': 'One.\nTwo.\nThree.\n', 'free.md': 'One.\nTwo.\n', 'mine.md': 'Text.\n' });
    ann = new Colleague(server.url, accounts.bob);
    await ann.lock('report.md', { owner: 'Ann Lee' });
    window = await openSignedIn(server, { settings: { 'lockStatus.refreshInterval': 1 } });
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  const marks = (count: number) =>
    window.until({
      what: `${count} marks in the gutter`,
      read: () => window.page.locator(selectors.gutterMark).count(),
      accept: (found) => found === count,
    });

  /** Groups and files, top down. */
  const rows = (wanted: readonly string[]) =>
    window.until({
      what: `${wanted.join(', ')} in the Source Control view`,
      // All at once: a row may be gone before it is read.
      read: () =>
        window.page
          .locator(selectors.changesRow)
          .locator(`${selectors.changesGroupName}, ${selectors.changesFileName}`)
          .allInnerTexts(),
      accept: (names) => names.join() === wanted.join(),
    });

  it('marks what differs from the server’s version, until it is saved', async () => {
    await window.openFile('free.md');
    await window.type('New. ');
    await marks(1);
    await window.screenshot('gutter');
    await window.save();
    await window.untilDirty('free.md', false);
    await marks(0);
  });

  it('says what is next after a change on the server, until it is saved from there', async () => {
    await window.openFile('free.md');
    await window.press('Control+Home');
    await window.type('Mine. ');
    server.seed({ 'free.md': `${await ann.get('free.md')}By Ann.\n` });
    await window.save();
    await window.toast(/Changed on the server/);
    await window.statusBarItem(/Changed on server: review/);
    await window.clickLink('Merge');
    await window.statusBarItem(/Merged: save/);
    await window.toast(/Merged the server’s changes/);
    await window.screenshot('merged');
    await window.clickCodeLens('Merged: save');
    await window.untilDirty('free.md', false);
    assert.match(await ann.get('free.md'), /^Mine\. [^]*By Ann\.\n$/);
    await window.statusBarItem(/You · /);
  });

  it('groups what is not saved, what waits and what I have locked', async () => {
    await window.openFile('mine.md');
    await window.runCommand('Locks: Lock File');
    await window.statusBarItem(/You · /);
    await window.openFile('report.md');
    await window.type('New. ');
    await window.page.getByRole('tab', { name: /^Source Control/ }).click();
    await rows(['Not Saved', 'report.md', 'Locked by Me', 'free.md', 'mine.md']);
    await window.screenshot('source-control');
    const row = window.page.locator(selectors.changesRow).filter({ hasText: 'report.md' });
    await row.hover();
    await row.getByRole('button', { name: 'Save When Free' }).click();
    await rows(['Waiting', 'report.md', 'Locked by Me', 'free.md', 'mine.md']);
    await window.screenshot('source-control-waiting');
  });

  it('has nothing where nothing is unsaved or locked', async () => {
    await ann.unlock('report.md');
    await window.untilDirty('report.md', false);
    await window.runCommand('View: Close All Editors');
    await window.runCommand('Locks: Release All My Locks');
    await rows([]);
    await window.screenshot('source-control-empty');
  });
});
