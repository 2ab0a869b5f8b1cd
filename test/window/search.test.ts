// Finding files and texts in a folder on a server, with the keys that people know.
import assert from 'node:assert/strict';
import { selectors } from '../support/hosts/selectors';
import type { PersonWindow } from '../support/hosts/personWindow';
import { openSignedIn } from '../support/hosts/signedIn';
import { startServer } from '../support/servers/start';
import type { LockServer } from '../support/servers/server';

describe('In a folder on a server', () => {
  let server: LockServer;
  let window: PersonWindow;

  before(async () => {
    server = await startServer('apache');
    server.seed({
      'readme.md': 'Nothing here.\n',
      'docs/plans/garden.md': '# Garden\n\nPlant the needle tree.\n',
      'docs/plans/house.md': 'A house.\nWith a Needle\nand another needle.\n',
      'src/tool.ts': "export const needle = '(1)';\n",
    });
    window = await openSignedIn(server);
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  it('Ctrl+P finds a file by its name', async () => {
    await window.explorerRow('readme.md');
    await window.press('Control+p');
    const items = await window.until({
      what: 'file in the list',
      read: () => window.quickPickItems(),
      accept: (all) => all.some(({ label }) => label.includes('garden.md')),
    });
    assert.ok(items.length >= 4, JSON.stringify(items));
    await window.page.locator(selectors.quickInputBox).fill('garden:3');
    await window.until({
      what: 'only that file',
      read: () => window.quickPickItems(),
      accept: (all) => all.length === 1,
    });
    await window.screenshot('go-to-remote-file');
    await window.press('Enter');
    await window.untilActive('garden.md');
    await window.statusBarItem(/Ln 3, Col 1/);
  });

  it('Ctrl+Shift+F finds a text, and its results lead to the lines', async () => {
    await window.press('Control+Shift+f');
    await window.answerInput('needle');
    const text = await window.until({
      what: 'all results',
      read: () => window.editorText(),
      accept: (shown) => /4 results in 3 files/.test(shown),
    });
    await window.screenshot('find-in-remote-files');
    for (const line of ['docs/plans/house.md:', 'src/tool.ts:', '2: With a Needle', '3: and another needle.'])
      assert.ok(text.includes(line), text);
    await window.page.locator('.view-line').filter({ hasText: 'and another needle' }).click();
    await window.press('F12');
    await window.untilActive('house.md');
    await window.statusBarItem(/Ln 3, Col/);
  });
});
