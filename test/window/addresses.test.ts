// Names that a server or a link chose: none becomes a link in a message of the editor, however it came in.
import assert from 'node:assert/strict';
import type { PersonWindow } from '../support/hosts/personWindow';
import { selectors } from '../support/hosts/selectors';
import { openSignedIn } from '../support/hosts/signedIn';
import { startServer } from '../support/servers/start';
import type { LockServer } from '../support/servers/server';

const name = '[Save it again](command:workbench.action.toggleZenMode) notes.txt';

describe('A file with a link in its name', () => {
  let server: LockServer;
  let window: PersonWindow;

  before(async () => {
    server = await startServer('apache');
    const address = `${server.url.replace(/^http/, 'dav')}${encodeURIComponent(name)}`;
    server.seed({ 'index.md': `${address}\n`, [name]: 'Text.\n', 'gpj.\u202Eexe': 'Text.\n' });
    window = await openSignedIn(server);
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  it('is not listed, and one that hides how it reads shows that', async () => {
    await window.explorerRow('gpj.%E2%80%AEexe');
    const names = (await window.explorerRows()).map((row) => row.name);
    assert.deepEqual([...names].sort(), ['gpj.%E2%80%AEexe', 'index.md']);
    await window.openFile('gpj.%E2%80%AEexe');
    await window.type('Mine: ');
    await window.save();
    await window.untilDirty('gpj.%E2%80%AEexe', false);
    await window.screenshot('escaped-name');
  });

  it('is not opened by its address, and no message has a live link to what it names', async () => {
    await window.openFile('index.md');
    await window.press('Control+Home');
    // As a Ctrl+click on the address does.
    await window.runCommand('Open Link');
    await window.until({
      what: 'a sentence about the name, or an editor with the file',
      read: async () =>
        (await window.page.locator(selectors.workbench).first().innerText()).replaceAll('\u00a0', ' '),
      accept: (text) => /could do harm|could not be opened|Text\./.test(text),
    });
    await window.screenshot('link-in-name');
    assert.doesNotMatch(await window.editorText(), /^Text/);
    const links = await window.page.locator('a[href^="command:"], a[data-href^="command:"]').allInnerTexts();
    assert.deepEqual(
      links.filter((text) => /Save it again/.test(text)),
      [],
    );
    for (const { links: shown } of await window.toasts()) assert.deepEqual(shown, []);
  });
});
