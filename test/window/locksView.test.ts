// What is locked, as the window shows it: the Locks view, the line above a file, the status bar, and the themes.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import type { PersonWindow, Theme } from '../support/hosts/personWindow';
import type { ViewRow } from '../support/hosts/readings';
import { selectors } from '../support/hosts/selectors';
import { openWindow } from '../support/hosts/windowUnderTest';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';

describe('The Locks view', () => {
  let server: LockServer;
  let window: PersonWindow;
  let ann: Colleague;

  before(async () => {
    server = await startServer('nephele');
    server.seed({
      'report.md': 'Text.\n',
      'mine.md': 'Text.\n',
      'notes.md': 'Text.\n',
      'free.md': 'Text.\n',
    });
    ann = new Colleague(server.url, accounts.bob);
    for (const path of ['report.md', 'notes.md']) await ann.lock(path, { owner: 'Ann Lee' });
    window = await openWindow({ settings: { 'lockStatus.refreshInterval': 2 } });
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  const rows = (accept: (told: string[]) => boolean) =>
    window.viewRows('Locks', (all) => accept(told(all))).then(told);

  it('shows the way while nothing is connected', async () => {
    await window.runCommand('View: Show Explorer');
    const view = await window.openView('Locks');
    const welcome = view.locator(selectors.viewWelcome);
    await welcome.getByText('Open Remote Folder…').waitFor();
    await window.screenshot('view-welcome');
    await welcome.getByText('Open Remote Folder…').click();
    await window.answerInput(server.url);
    await window.answerInput(accounts.alice.user);
    await window.answerInput(accounts.alice.password);
    await window.explorerRow('report.md', ({ badge }) => badge === 'L');
  });

  it("lists mine apart from others'", async () => {
    await window.openFile('mine.md');
    await window.runCommand('Locks: Lock File');
    const told = await rows((all) => all.includes('1 Locked by Me'));
    assert.deepEqual(told, [
      '1 Locked by Me',
      '2 mine.md',
      '1 Locked by Ann Lee',
      '2 notes.md',
      '2 report.md',
    ]);
  });

  it('moves what holds up unsaved text into the way, and says so above the text', async () => {
    await window.openFile('report.md');
    await window.type('x');
    await rows((all) => all.join().includes('1 Blocked by Ann Lee,2 report.md'));
    const lenses = await window.until({
      what: 'a line above line 1',
      read: () => window.codeLenses(),
      accept: (shown) => shown.some((text) => text.includes('Locked by Ann Lee (unverified) until')),
    });
    assert.deepEqual(actionsIn(lenses), ['Save When Free', 'Ask Ann Lee…', 'More…']);
    const items = await window.until({
      what: 'a warning in the status bar',
      read: () => window.statusBarItems(),
      accept: (shown) => shown.some(({ text, kind }) => /Ann Lee/.test(text) && kind === 'warning'),
    });
    assert.deepEqual(items.find(({ text }) => /Ann Lee/.test(text))?.icons, ['lock', 'warning']);
    for (const theme of ['light', 'highContrast', 'highContrastLight', 'dark'] satisfies Theme[]) {
      await window.setTheme(theme);
      await window.screenshot(`view-${theme}`);
    }
  });

  it('says all of it in a narrow side bar', async () => {
    await window.narrowSideBar();
    await window.until({
      what: 'rows that are not cut',
      read: () => window.cutRows(),
      accept: (cut) => cut.length === 0,
    });
    await window.screenshot('view-narrow');
  });

  it('moves a file that is waited for', async () => {
    await window.untilActive('report.md');
    await window.clickCodeLens('Save When Free');
    await rows((all) => all.join().includes('1 Waiting for Ann Lee,2 report.md'));
    await window.explorerRow('report.md', ({ badge }) => badge === 'W');
    // The editor asks for the line again a little after it was told to.
    await window.until({
      what: 'a line that says that the file waits',
      read: () => window.codeLenses(),
      accept: (lenses) => actionsIn(lenses).join() === 'Stop Waiting,Ask Ann Lee…,More…',
    });
    await window.screenshot('view-waiting');
    await ann.unlock('report.md');
    await window.untilDirty('report.md', false);
    await rows((all) => !all.join().includes('report.md'));
    await window.until({
      what: 'the end of the line above the text',
      read: () => window.codeLenses(),
      accept: (lenses) => lenses.length === 0,
    });
  });

  it('releases a lock from its row', async () => {
    const view = await window.openView('Locks');
    const row = view.locator(selectors.viewRow).filter({ hasText: 'mine.md' });
    await row.hover();
    await row.getByRole('button', { name: 'Release Lock' }).click();
    await rows((all) => !all.join().includes('mine.md'));
    await ann.lock('mine.md');
  });
});

function told(rows: readonly ViewRow[]): string[] {
  return rows.map(({ level, name }) => `${level} ${name}`);
}

/** Without who holds the lock, which stands first or second: a lock until tomorrow takes more words. */
function actionsIn(lenses: readonly string[]): string[] {
  return lenses.map((text) => text.trim()).filter((text) => !/^(Locked by|Waiting for) /.test(text));
}
