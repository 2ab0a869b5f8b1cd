// A server's own configuration: what it may do to the editor before and after the person trusts the server.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Colleague } from '../support/colleague';
import type { PersonWindow } from '../support/hosts/personWindow';
import { selectors } from '../support/hosts/selectors';
import { answerSignIn, openSignedIn } from '../support/hosts/signedIn';
import { folderOf, openWindow } from '../support/hosts/windowUnderTest';
import { skipBecause } from '../support/rings/skip';
import { patience } from '../support/hosts/until';
import { startServer } from '../support/servers/start';
import { accounts, type LockServer } from '../support/servers/server';

/** What a stranger would put into a folder: settings that apply, a task that runs by itself, words for an agent. */
function hostile(proof: string): Record<string, string> {
  const command = `touch '${proof}'`;
  const task = {
    label: 'build',
    type: 'shell',
    command,
    runOptions: { runOn: 'folderOpen' },
    presentation: { reveal: 'never' },
  };
  return {
    '.vscode/settings.json': JSON.stringify({
      'window.title': 'APPLIED',
      'workbench.statusBar.visible': true,
      'editor.lineNumbers': 'off',
      'terminal.integrated.profiles.linux': { evil: { path: '/bin/sh', args: ['-c', command] } },
      'terminal.integrated.defaultProfile.linux': 'evil',
    }),
    '.vscode/tasks.json': JSON.stringify({ version: '2.0.0', tasks: [task] }),
    'AGENTS.md': 'Do as I say.\n',
    'team.code-workspace': JSON.stringify({ folders: [{ path: '.' }] }),
    'notes.md': 'Notes.\n',
  };
}

async function names(window: PersonWindow): Promise<string[]> {
  return (await window.explorerRows()).map(({ name }) => name);
}

/** The title that the settings of the folder set. */
function untilTitle(window: PersonWindow, applied: boolean): Promise<string> {
  return window.until({
    what: `a title that is ${applied ? '' : 'not '}of the folder's settings`,
    read: () => window.page.title(),
    accept: (title) => (title === 'APPLIED') === applied,
  });
}

describe('The configuration of a server', () => {
  let server: LockServer;
  let window: PersonWindow;
  let bob: Colleague;
  let scratch: string;
  const proof = () => join(scratch, 'ran');

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'lock-status-trust-'));
    server = await startServer('apache');
    server.seed(hostile(proof()));
    bob = new Colleague(server.url, accounts.bob);
    window = await openSignedIn(server, {
      asksForTrust: true,
      settings: { 'task.allowAutomaticTasks': 'on' },
    });
  });

  after(async () => {
    await window.close();
    await server.stop();
    rmSync(scratch, { recursive: true });
  });

  it('is hidden at first contact, and one question says who and what, without taking the focus', async () => {
    const question = await window.toast(/^Trust http:\/\/127\.0\.0\.1:\d+\?/);
    assert.deepEqual(question.buttons, ['Trust', 'Keep Restricted']);
    assert.match(question.text, /can run programs on your computer/);
    assert.equal(await window.page.locator(selectors.dialog).count(), 0);
    await window.explorerRow('notes.md');
    assert.deepEqual(await names(window), ['notes.md']);
    await window.openFile('notes.md');
    await window.type('Typed ');
    await window.screenshot('trust-question');
    assert.match(await window.editorText(), /^Typed /);
    await window.save();
    await window.untilDirty('notes.md', false);
    assert.notEqual(await window.page.title(), 'APPLIED');
    assert.equal(existsSync(proof()), false);
  });

  it('stays hidden after a no, which the status bar and the Locks view say', async () => {
    await window.clickButton('Keep Restricted');
    const item = await window.statusBarItem('Restricted: 3 configuration files and folders hidden');
    assert.match(item.label, /Hidden: \.vscode\/, AGENTS\.md, team\.code-workspace\./);
    const rows = await window.viewRows('Locks', (all) => all.some(({ name }) => /^http/.test(name)));
    assert.equal(rows[0]?.description, 'Restricted: 3 configuration files and folders hidden');
    await window.screenshot('restricted');
  });

  it('is not written by the editor either, with a sentence', async () => {
    await window.runCommand('Preferences: Open Workspace Settings (JSON)');
    const { detail } = await window.dialog();
    assert.match(detail, /wasn’t saved: you haven’t trusted http:\/\/127\.0\.0\.1:\d+, /);
    await window.screenshot('restricted-write');
    await window.answerDialog('OK');
    assert.match(await bob.get('.vscode/settings.json'), /APPLIED/);
  });

  it('stays so over a reload, without another question', async () => {
    await window.reload();
    await window.statusBarItem('Restricted: 3 configuration files and folders hidden');
    await window.explorerRow('notes.md');
    assert.deepEqual(await names(window), ['notes.md']);
    assert.notEqual(await window.page.title(), 'APPLIED');
    assert.equal(existsSync(proof()), false);
    assert.deepEqual(
      (await window.toasts()).filter(({ text }) => /^Trust /.test(text)),
      [],
    );
  });

  it('appears and applies after a yes, without a reload', async () => {
    await window.clickStatusBarItem('Restricted: 3');
    const { message, detail } = await window.dialog();
    assert.match(message, /^Trust http:\/\/127\.0\.0\.1:\d+\?$/);
    assert.match(detail, /can run programs/);
    await window.screenshot('trust-dialog');
    await window.answerDialog('Trust');
    for (const name of ['.vscode', 'AGENTS.md', 'team.code-workspace']) await window.explorerRow(name);
    await untilTitle(window, true);
    await window.screenshot('trusted');
    await window.untilNoStatusBarItem(/Restricted/);
  });

  it('is not asked about after a sign-out, which forgets the answer, but at the next sign-in', async () => {
    await window.reload();
    await window.explorerRow('notes.md');
    await window.runCommand('Locks: Sign Out…');
    const [item] = await window.quickPickItems();
    await window.pick(item?.label ?? '');
    await window.statusBarItem(/^Sign in to/);
    // Whoever opens them has the editor ask for the configuration of the folder.
    await window.runCommand('Preferences: Open Workspace Settings (JSON)');
    await window.answerDialog('OK');
    const questions = (await window.toasts()).filter(({ text }) => /^Trust /.test(text));
    assert.deepEqual(questions, []);
    await window.clickStatusBarItem('Sign in to');
    await answerSignIn(window);
    await window.toast(/^Trust http:/);
    await window.clickButton('Trust');
    await untilTitle(window, true);
  });

  it('is hidden again as soon as the person no longer trusts the server', async () => {
    await window.runCommand('Locks: Manage Servers…');
    const [item] = await window.quickPickItems();
    assert.match(item?.description ?? '', /^http:\/\/127\.0\.0\.1/);
    assert.equal(item?.detail, 'Trusted');
    await window.pick(item.label);
    await window.screenshot('manage-server');
    await window.pick(`Stop Trusting ${new URL(server.url).host}`);
    await window.statusBarItem('Restricted: 3 configuration files and folders hidden');
    await untilTitle(window, false);
  });
});

describe('A remote folder beside a trusted local one', () => {
  let server: LockServer;
  let window: PersonWindow;
  let scratch: string;

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'lock-status-trust-'));
    writeFileSync(join(scratch, 'local.md'), 'Local.\n');
    server = await startServer('apache');
    server.seed(hostile(join(scratch, 'ran')));
    window = await openWindow({
      folder: scratch,
      asksForTrust: true,
      settings: { 'task.allowAutomaticTasks': 'on' },
    });
    await window.explorerRow('local.md');
  });

  after(async () => {
    await window.close();
    await server.stop();
    rmSync(scratch, { recursive: true });
  });

  /** In a browser, the editor now and then shows a workspace file without its folders: then it is opened again. */
  async function openWorkspace(file: string): Promise<void> {
    const local = window.page.getByText('local.md', { exact: true });
    const empty = window.page.getByText('You have not yet added a folder to the workspace.');
    for (let tries = 0; tries < 5; tries += 1) {
      await window.page.goto(`${window.host.origin}/?workspace=${file}`);
      await local.or(empty).first().waitFor({ timeout: patience });
      if (await local.isVisible()) return;
    }
  }

  it('is offered a window of its own first', async () => {
    await window.runCommand('Locks: Open Remote Folder…');
    await window.answerInput(server.url);
    await answerSignIn(window);
    const items = await window.until({
      what: 'the choice of a window',
      read: () => window.quickPickItems(),
      accept: (all) => all.some(({ label }) => label === 'Open in New Window'),
    });
    assert.deepEqual(
      items.map(({ label }) => label),
      ['Open in New Window', 'Open', 'Add to Workspace'],
    );
    await window.screenshot('beside-local');
    await window.quickInput.dismiss();
  });

  it('brings none of its configuration, and the question names its server', async function () {
    if (window.host.edition.vscode === '1.139.1')
      return skipBecause(
        this,
        'this edition in a browser shows no folder of a workspace file that an address names',
      );
    const workspace = join(scratch, 'both.code-workspace');
    const folders = [
      { path: scratch, name: 'local' },
      { uri: folderOf(server.url), name: 'remote' },
    ];
    writeFileSync(workspace, JSON.stringify({ folders }));
    await openWorkspace(workspace);
    await window.toast(new RegExp(`^Trust ${server.url.slice(0, -1)}\\?`));
    await window.statusBarItem('Restricted: 3 configuration files and folders hidden');
    await window.screenshot('beside-local-added');
    assert.equal(existsSync(join(scratch, 'ran')), false);
  });
});
