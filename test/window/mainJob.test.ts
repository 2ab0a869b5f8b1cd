// The main job as a person does it, on every server: see the lock, save into it, wait, and be saved.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import type { PersonWindow } from '../support/hosts/personWindow';
import { openWindow } from '../support/hosts/windowUnderTest';
import { availableServers, startServer } from '../support/servers/start';
import { accounts, type LockServer, type ServerKind } from '../support/servers/server';

const owner = 'Ann Lee <mailto:ann.lee@example.com>';
const content = 'First line.\n';

/** Servers that tell others whose a lock is. */
const tellsHolder = new Set<ServerKind>(['apache', 'nephele']);

for (const kind of availableServers().available) {
  describe(`The main job on ${kind}`, () => {
    let server: LockServer;
    let window: PersonWindow;
    let ann: Colleague;

    before(async () => {
      server = await startServer(kind);
      server.seed({ 'report.md': content, 'notes.md': 'Notes.\n', 'free.md': 'Free.\n' });
      ann = new Colleague(server.url, accounts.bob);
      await ann.lock('report.md', { owner, timeout: 'Second-600' });
      window = await openWindow({ settings: { 'lockStatus.refreshInterval': 2 } });
      await connect(window, server);
    });

    after(async () => {
      await window.close();
      await server.stop();
    });

    it('signs in, opens the folder and shows who holds the lock', async () => {
      const row = await window.explorerRow('report.md', ({ badge }) => badge === 'L');
      assert.equal((await window.explorerRow('free.md')).badge, '');
      assert.match(row.tooltip, tellsHolder.has(kind) ? /Ann Lee/ : /[Ll]ocked/);
      await window.openFile('report.md');
      await window.statusBarItem(tellsHolder.has(kind) ? /Ann Lee/ : /[Ss]omeone/);
      await window.screenshot(`${kind}-seen`);
      // The one question at first contact with a server.
      await window.toast(/^Trust http/);
      await window.clickButton('Keep Restricted');
    });

    it('refuses the save with one message, and loses nothing', async () => {
      await window.type('Mine: ');
      await window.untilDirty('report.md', true);
      await window.save();
      const toast = await window.toast(/Failed to save 'report.md'/);
      await window.screenshot(`${kind}-blocked`);
      assert.match(toast.text, tellsHolder.has(kind) ? /Locked by Ann Lee/ : /Locked \(holder unknown\)/);
      assert.equal((await window.toasts()).length, 1);
      assert.equal(await window.tabIsDirty('report.md'), true);
      assert.equal(await ann.get('report.md'), content);
    });

    it('saves the newest text by itself when the lock is free', async () => {
      await window.clickLink('Save When Free');
      await window.statusBarItem(/Waiting/);
      // Back from the toast into the text.
      await window.press('Control+1');
      await window.type('newest ');
      await window.screenshot(`${kind}-waiting`);
      await ann.unlock('report.md');
      await window.untilNoToast(/Failed to save/);
      await window.untilDirty('report.md', false);
      // Nothing goes on saying that somebody else holds it.
      await window.until({
        what: 'no line above the text',
        read: () => window.codeLenses(),
        accept: (lenses) => lenses.length === 0,
      });
      await window.screenshot(`${kind}-saved`);
      assert.equal(await ann.get('report.md'), `Mine: newest ${content}`);
      // No lock of ours is left: the colleague can take it, once the one of the wait is released after the save.
      await window.until({
        what: 'a lock for the colleague',
        read: () => takes(ann, 'report.md'),
        accept: (isTaken) => isTaken,
      });
    });

    it('never replaces what the holder has written meanwhile, and shows both', async () => {
      await window.type('late ');
      await window.save();
      await window.toast(/Failed to save 'report.md'/);
      await window.clickLink('Save When Free');
      await window.statusBarItem(/Waiting/);
      await ann.put('report.md', 'By Ann.\n');
      await ann.unlock('report.md');
      await window.until({
        what: 'a comparison',
        read: () => window.tabs(),
        accept: (tabs) => tabs.filter(({ name }) => name === 'report.md').length === 2,
      });
      const toast = await window.toast(/Changed on the server/);
      await window.screenshot(`${kind}-conflict`);
      assert.equal((await window.toasts()).length, 1, toast.text);
      assert.equal(await ann.get('report.md'), 'By Ann.\n');
      assert.equal(await window.tabIsDirty('report.md'), true);
    });

    it('shows an owner that looks like links and pictures as plain text, and gives no link to it', async () => {
      await ann.lock('notes.md', { owner: '[x](command:workbench.action.closeWindow) $(flame) <img src=x>' });
      await window.openFile('notes.md');
      await window.type('x');
      await window.save();
      const toast = await window.toast(/Failed to save 'notes.md'/);
      await window.screenshot(`${kind}-hostile`);
      const ask = tellsHolder.has(kind) ? /^Ask \(x\)/ : /^Explain$/;
      assert.equal(toast.links.length, 3);
      assert.deepEqual(
        toast.links.filter((link) => !ask.test(link)),
        ['Save When Free', 'More…'],
      );
    });
  });
}

/** As a person does: the command, the address, the name and the password. */
async function connect(window: PersonWindow, server: LockServer): Promise<void> {
  await window.runCommand('Locks: Open Remote Folder…');
  await window.answerInput(server.url);
  await window.answerInput(accounts.alice.user);
  await window.answerInput(accounts.alice.password);
  await window.explorerRow('report.md');
}

/** Whether the colleague gets the lock. */
async function takes(colleague: Colleague, path: string): Promise<boolean> {
  return colleague.lock(path, { owner }).then(
    () => true,
    () => false,
  );
}
