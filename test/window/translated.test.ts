// Another language, in which every text is longer: nothing stays in English, and nothing is cut off.
import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import { Colleague } from '../support/colleague';
import type { PersonWindow } from '../support/hosts/personWindow';
import { pseudo, pseudoLanguage, writePseudoLanguage } from '../support/hosts/pseudoLanguage';
import { folderOf, openWindow } from '../support/hosts/windowUnderTest';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';

/** Of an element in the page. */
interface Shown {
  readonly innerText: string;
  readonly scrollWidth: number;
  readonly clientWidth: number;
}

describe('A window in another language', () => {
  let server: LockServer;
  let window: PersonWindow;

  before(async () => {
    server = await startServer('nephele');
    server.seed({ 'report.md': 'First line.\n', 'notes.md': 'Text.\n', 'free.md': 'Text.\n' });
    const ann = new Colleague(server.url, accounts.bob);
    for (const path of ['report.md', 'notes.md'])
      await ann.lock(path, { owner: 'Ann Lee <mailto:ann@work.example>' });
    window = await openWindow({
      folder: folderOf(server.url),
      language: { id: pseudoLanguage, write: writePseudoLanguage },
    });
    await window.clickButton(pseudo('Sign In…'));
    await window.answerInput(accounts.alice.user);
    await window.answerInput(accounts.alice.password);
    await window.explorerRow('report.md', ({ badge }) => badge === 'L');
  });

  after(async () => {
    await window?.close();
    await server?.stop();
  });

  it('says in the status bar who holds the lock', async () => {
    await window.openFile('report.md');
    const item = await window.statusBarItem(/Ann Lee/);
    assert.equal(item.text.includes(pseudo('{0} (unverified)', 'Ann Lee')), true, item.text);
    await window.screenshot('translated-status');
  });

  it('lists the locks', async () => {
    await window.openView(pseudo('Locks'));
    await window.until({
      what: 'the groups of the Locks view',
      read: () => window.page.locator('.pane-body').allInnerTexts(),
      accept: (texts) => texts.join().includes(pseudo('Locked by {0}', 'Ann Lee')),
    });
    await window.screenshot('translated-view');
  });

  it('says in the one message why a save failed', async () => {
    await window.openFile('report.md');
    await window.type('Mine: ');
    await window.save();
    const { text } = await window.toast(/Ann Lee/);
    for (const link of [pseudo('Save When Free'), pseudo('Ask {0}…', 'Ann Lee'), pseudo('More…')])
      assert.ok(text.includes(link), text);
    await window.screenshot('translated-toast');
  });

  it('offers the actions', async () => {
    await window.clickLink(pseudo('More…'));
    const items = await window.quickPickItems();
    await window.screenshot('translated-actions');
    assert.deepEqual(
      items.filter(({ label }) => !label.includes('⟦')),
      [],
    );
  });

  it('explains the lock on a page that has room for all of it', async () => {
    await window.pick(pseudo('Explain'));
    await page()
      .getByText(pseudo('{0} is editing this file.', pseudo('{0} (unverified)', 'Ann Lee')))
      .waitFor();
    await window.screenshot('translated-explain');
    const cut = await page()
      .locator('button, p, h1, h2, li, figcaption, .legend')
      .evaluateAll((parts: readonly Shown[]) =>
        parts.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerText),
      );
    assert.deepEqual(cut, []);
  });

  const page = (): FrameLocator => window.page.frameLocator('iframe.webview').last().frameLocator('iframe');
});
