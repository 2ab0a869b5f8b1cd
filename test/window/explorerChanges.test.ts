// Deleting, renaming and moving in the explorer while files are locked.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Colleague } from '../support/colleague';
import type { PersonWindow } from '../support/hosts/personWindow';
import { openSignedIn } from '../support/hosts/signedIn';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';
import { clockTime } from '../support/hosts/clockTime';

for (const kind of ['nephele', 'apache'] as const) {
  describe(`Locked files in the explorer on ${kind}`, () => {
    let server: LockServer;
    let window: PersonWindow;
    let ann: Colleague;

    before(async () => {
      server = await startServer(kind);
      server.seed({
        'away.md': 'Away.\n',
        'held.md': 'Held.\n',
        'mine.md': 'Mine.\n',
        'sub/below.md': 'Below.\n',
      });
      ann = new Colleague(server.url, accounts.bob);
      for (const path of ['held.md', 'sub/below.md']) await ann.lock(path, { owner: 'Ann Lee' });
      const settings = { 'lockStatus.refreshInterval': 1, 'explorer.confirmDragAndDrop': false };
      window = await openSignedIn(server, { settings });
    });

    after(async () => {
      await window.close();
      await server.stop();
    });

    const isThere = (name: string) => existsSync(join(server.dataDir, name));

    const untilGone = (name: string) =>
      window.until({
        what: `explorer without ${name}`,
        read: () => window.explorerRows(),
        accept: (rows) => !rows.some((row) => row.name === name),
      });

    const remove = async (name: string) => {
      await window.clickRow(name);
      await window.pressUntilAsked('Delete');
      await window.answerDialog('Delete');
    };

    it('go with their lock where it is ours', async () => {
      await window.openFile('mine.md');
      await window.runCommand('Locks: Lock File');
      await window.explorerRow('mine.md', ({ badge }) => badge === 'Me');
      await window.renameRow('mine.md', 'renamed.md');
      await window.explorerRow('renamed.md', ({ badge }) => badge === 'Me');
      assert.equal((await ann.locksOn('renamed.md')).length, 1);
      assert.equal(readFileSync(join(server.dataDir, 'renamed.md'), 'utf8'), 'Mine.\n');
      assert.equal(isThere('mine.md'), false);

      await remove('renamed.md');
      await untilGone('renamed.md');
      assert.equal(isThere('renamed.md'), false);
      await window.until({
        what: 'end of its tab',
        read: () => window.tabs(),
        accept: (tabs) => tabs.length === 0,
      });
      const rows = await window.viewRows('Locks', (all) => !all.some(({ name }) => name === 'Locked by Me'));
      assert.ok(!rows.some(({ name }) => /mine|renamed/.test(name)));
    });

    it("stay where they are while another's lock is on them, with one sentence that says whose", async () => {
      const refused = new RegExp(
        `^Can’t change held\\.md\\. Locked by Ann Lee \\(unverified\\) until ${clockTime}\\. Wait`,
      );
      await remove('held.md');
      const dialog = await window.dialog();
      await window.screenshot(`${kind}-delete-refused`);
      assert.match(dialog.message, refused);
      await window.answerDialog('Cancel');

      await window.renameRow('held.md', 'taken.md');
      const toast = await window.toast(refused);
      await window.screenshot(`${kind}-rename-refused`);
      assert.equal((await window.toasts()).length, 1, toast.text);
      assert.deepEqual([isThere('held.md'), isThere('taken.md')], [true, false]);
      await window.explorerRow('held.md', ({ badge }) => badge === 'L');
    });

    it('keep the folder around them, and are named', async () => {
      await remove('sub');
      const { message } = await window.dialog();
      assert.match(message, /^Can’t change below\.md\. Locked by Ann Lee/);
      await window.answerDialog('Cancel');
      assert.equal(isThere('sub/below.md'), true);

      await window.moveRow('away.md', 'sub');
      await window.until({
        what: 'away.md in its new folder',
        read: () => Promise.resolve([isThere('sub/away.md'), isThere('away.md')]),
        accept: ([moved, left]) => moved === true && left === false,
      });
      await window.unfoldRow('sub');
      await window.explorerRow('below.md', ({ badge }) => badge === 'L');
    });
  });
}
