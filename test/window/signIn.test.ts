// Opening a remote folder by its address alone: asked once, told what is wrong, and never in the way.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PersonWindow } from '../support/hosts/personWindow';
import { selectors } from '../support/hosts/selectors';
import { acceptOffer, answerSignIn } from '../support/hosts/signedIn';
import { folderOf, openWindow } from '../support/hosts/windowUnderTest';
import { startApache } from '../support/servers/apache';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';

describe('A folder opened by its address', () => {
  let server: LockServer;
  let window: PersonWindow;

  before(async () => {
    server = await startServer('nephele');
    server.seed({ 'shared/report.md': 'Text.\n' });
    // With a slash at its end, as people copy it.
    window = await openWindow({ folder: `${folderOf(server.url)}shared/` });
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  it('offers a sign-in, asks for a name once it is accepted, and is quiet when one turns away', async () => {
    await window.toast(/^Sign in to http/);
    assert.equal(await window.page.locator(selectors.quickInput).isVisible(), false);
    await acceptOffer(window);
    const { title } = await window.prompt();
    assert.match(title, /^Sign In to http:\/\/127\.0\.0\.1:\d+( for ".*")?$/);
    await window.screenshot('sign-in');
    assert.equal(await window.page.locator(selectors.dialog).count(), 0);
    await window.quickInput.dismiss();
    await window.statusBarItem(/^Sign in to 127\.0\.0\.1/);
    // The explorer asks the server again, and is refused again.
    await window.page.locator(selectors.explorer).click();
    await window.page.getByRole('button', { name: 'Refresh Explorer' }).click();
    await window.runCommand('Locks: Refresh Locks');
    await window.screenshot('sign-in-declined');
    assert.equal(await window.page.locator(selectors.quickInput).isVisible(), false);
    assert.deepEqual(await window.toasts(), []);
  });

  it('is offered again, asks again with a sentence after a wrong password, and then fills the explorer', async () => {
    await window.clickStatusBarItem('Sign in to');
    await window.prompt();
    await answerSignIn(window, { user: accounts.alice.user, password: 'wrong' });
    const again = await window.until({
      what: 'another question',
      read: () => window.prompt(),
      accept: ({ message }) => message.startsWith('Wrong user name or password.'),
    });
    assert.deepEqual([again.value, again.secret], ['wrong', true]);
    await window.screenshot('sign-in-wrong');
    await window.answerInput(accounts.alice.password);
    await window.explorerRow('report.md');
    await window.untilNoStatusBarItem(/Sign in/);
  });
});

describe('A sign-in that is canceled on the way to a folder', () => {
  let server: LockServer;
  let window: PersonWindow;

  before(async () => {
    server = await startServer('nephele');
    server.seed({ 'report.md': 'Text.\n' });
    window = await openWindow({});
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  it('is offered in the Locks view, and then brings the folder', async () => {
    await window.runCommand('Locks: Open Remote Folder…');
    await window.answerInput(server.url);
    await window.until({
      what: 'the question for a name',
      read: () => window.prompt(),
      accept: ({ title }) => /^Sign In to/.test(title),
    });
    await window.quickInput.dismiss();
    await window.statusBarItem(/^Sign in to 127\.0\.0\.1/);
    await window.runCommand('View: Show Explorer');
    const welcome = (await window.openView('Locks')).locator(selectors.viewWelcome);
    await welcome.getByText('The folder opens once you sign in.').waitFor();
    await window.screenshot('sign-in-canceled');
    await welcome.getByText('Sign In…').click();
    await answerSignIn(window);
    await window.explorerRow('report.md');
  });
});

describe('A server whose certificate nobody has signed', () => {
  let server: LockServer;
  let window: PersonWindow;

  before(async () => {
    server = await startApache({ tls: 'selfSigned' });
    server.seed({ 'report.md': 'Text.\n' });
    window = await openWindow({});
  });

  after(async () => {
    await window.close();
    await server.stop();
  });

  it('is refused with the name of the setting, and trusted once its certificate is there', async () => {
    await window.runCommand('Locks: Open Remote Folder…');
    await window.answerInput(server.url);
    const { message, value } = await window.until({
      what: 'a sentence about the certificate',
      read: () => window.prompt(),
      accept: (prompt) => /certificate/.test(prompt.message),
    });
    assert.match(
      message,
      /can’t be trusted: the server signed it itself\. Add it as "tls\.ca" to the setting "lockStatus\.connections"/,
    );
    assert.equal(value, server.url);
    await window.screenshot('certificate');
    await window.quickInput.dismiss();

    const ca = join(server.dataDir, 'trusted.pem');
    writeFileSync(ca, server.certificate ?? '');
    const connection = { name: 'Secure', url: server.url, tls: { ca } };
    await window.setSettings({ 'lockStatus.connections': [connection] });
    await window.runCommand('Locks: Open Remote Folder…');
    await window.pick('Secure');
    await answerSignIn(window);
    await window.explorerRow('report.md');
    await window.screenshot('certificate-trusted');
    // What the person has set stays as it is; the user is added who has signed in.
    const kept = JSON.parse(readFileSync(window.host.userSettingsFile, 'utf8')) as Record<string, unknown>;
    assert.deepEqual(kept['lockStatus.connections'], [{ ...connection, user: accounts.alice.user }]);
  });
});
