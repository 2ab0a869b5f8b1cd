// Opening remote folders as a person does: from an empty window, by a file's address, and beside unsaved text.
import assert from 'node:assert/strict';
import type { PersonWindow } from '../support/hosts/personWindow';
import { selectors } from '../support/hosts/selectors';
import { openWindow } from '../support/hosts/windowUnderTest';
import { accounts, type LockServer } from '../support/servers/server';
import { startServer } from '../support/servers/start';

describe('A remote folder', () => {
  let server: LockServer;
  let window: PersonWindow;

  before(async () => {
    server = await startServer('nephele');
    server.seed({ 'bakery/report.md': 'Text.\n', 'mill/flour.md': 'Flour.\n' });
    window = await openWindow({});
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  it('is offered by the explorer of an empty window, and the input stays while its address is wrong', async () => {
    await window.runCommand('Remote: Show Remote Menu');
    const menu = await window.quickPickItems();
    await window.screenshot('connect-remote-menu');
    assert.ok(menu.some(({ label }) => label.includes('Open Remote Folder…')));
    await window.quickInput.dismiss();
    await window.runCommand('File: New Untitled Text File');
    await window.untilActive('Untitled-1');
    await window.runCommand('View: Show Explorer');
    await window.screenshot('connect-welcome');
    const offer = window.page.locator(selectors.viewWelcome).getByText('Open Remote Folder…');
    await offer.first().click();
    await window.answerInput(`${server.url}bakry/`);
    const wrong = await window.until({
      what: 'a sentence under the address',
      // The server first wants to know who asks.
      read: () => window.prompt(),
      accept: ({ title }) => /^Sign In to/.test(title),
    });
    assert.equal(wrong.secret, false);
    await window.answerInput(accounts.alice.user);
    await window.answerInput('wrong');
    await window.until({
      what: 'a sentence under the password',
      read: () => window.prompt(),
      accept: ({ message }) => message.startsWith('Wrong user name or password.'),
    });
    await window.screenshot('connect-password');
    await window.answerInput(accounts.alice.password);
    const again = await window.until({
      what: 'a sentence under the address',
      read: () => window.prompt(),
      accept: ({ message }) => /Can’t find bakry on/.test(message),
    });
    assert.equal(again.value, `${server.url}bakry/`);
    await window.type('x');
    assert.equal((await window.prompt()).value, `${server.url}bakry/x`, 'the input has the keyboard again');
    await window.screenshot('connect-wrong');
    assert.equal(await window.tabIsDirty('Untitled-1'), false);
    await window.quickInput.dismiss();
    await window.runCommand('View: Close Editor');
  });

  it('is opened by the address of a file in it, with that file', async () => {
    await window.runCommand('Locks: Open Remote Folder…');
    await window.answerInput(`${server.url}bakery/report.md`);
    await window.explorerRow('report.md');
    await window.untilActive('report.md');
    await window.screenshot('connect-file');
    await window.until({
      what: 'the title of the window',
      read: () => window.page.title(),
      accept: (title) => /report\.md - bakery/.test(title),
    });
  });

  it('never takes the place of unsaved text without a question', async () => {
    await window.type('Mine: ');
    await window.untilDirty('report.md', true);
    await window.runCommand('Locks: Open Remote Folder…');
    await window.quickPickItems();
    await window.screenshot('connect-known');
    await window.pick('Enter an Address…');
    await window.answerInput(`${server.url}mill/`);
    const items = await window.until({
      what: 'the choice of a window',
      read: () => window.quickPickItems(),
      accept: (all) => all.some(({ label }) => label === 'Open in New Window'),
    });
    await window.screenshot('connect-ways');
    assert.deepEqual(
      items.map(({ label }) => label),
      ['Open in New Window', 'Open', 'Add to Workspace'],
    );
    await window.pick('Add to Workspace');
    const { message, buttons } = await window.dialog();
    assert.match(message, /^Save your changes to report\.md first\?/);
    await window.screenshot('connect-unsaved');
    await window.answerDialog(buttons.find((button) => button === 'Cancel') ?? '');
    assert.equal(await window.tabIsDirty('report.md'), true);
    await window.explorerRow('report.md');
  });
});
