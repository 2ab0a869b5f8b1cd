// A file service that is not WebDAV, driven as a person drives it: by a mapping in the settings, and by none.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { FileService, fileServiceMapping, people } from '../support/servers/fileService';
import { api, connect } from './extensionApi';

const { executeCommand } = vscode.commands;
const signIn = { user: 'alice', password: people.alice.password };
const lines = (...texts: string[]) => texts.map((text) => `${text}\n`).join('');

describe('A file service in the editor', () => {
  const configuration = () => vscode.workspace.getConfiguration('lockStatus');
  const set = (name: string, value: unknown) =>
    configuration().update(name, value, vscode.ConfigurationTarget.Global);
  const names = ['connections', 'endpoints'];
  let before: unknown[];
  let server: FileService;

  beforeEach(async () => {
    before = names.map((name) => configuration().inspect(name)?.globalValue);
    server = new FileService();
    await server.start();
    server.put('report.md', lines('one', 'two', 'three', 'four', 'five'));
  });
  afterEach(async () => {
    await executeCommand('workbench.action.revertAndCloseActiveEditor');
    await executeCommand('workbench.action.closeAllEditors');
    for (const [index, name] of names.entries()) await set(name, before[index]);
    await server.stop();
  });

  const uriOf = (name: string) => vscode.Uri.parse(`${server.url}/${name}`.replace(/^http/, 'dav'));

  async function open(name: string) {
    const document = await vscode.workspace.openTextDocument(uriOf(name));
    await vscode.window.showTextDocument(document);
    return document;
  }

  async function type(document: vscode.TextDocument, line: number, text: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, document.lineAt(line).range, text);
    await vscode.workspace.applyEdit(edit);
  }

  const status = async (uri: vscode.Uri) => (await api()).getLockStatus(uri, { maxAgeMs: 0 });

  /** Resolves when the status of the file is this one. */
  async function becomes(uri: vscode.Uri, wanted: string): Promise<void> {
    const locks = await api();
    await new Promise<void>((resolve, reject) => {
      const look = () =>
        locks.getLockStatus(uri, { maxAgeMs: 3_600_000 }).then(({ state }) => {
          if (state !== wanted) return;
          listening.dispose();
          resolve();
        }, reject);
      const listening = locks.onDidChangeLockStatus(() => void look());
      void look();
    });
  }

  const savedIn = (document: vscode.TextDocument) =>
    new Promise<void>((resolve) => {
      const listening = vscode.workspace.onDidSaveTextDocument((saved) => {
        if (saved !== document) return;
        listening.dispose();
        resolve();
      });
    });

  /** Refused by Ann's lock, waiting for it, and saved when she releases it; whatever the service says about locks. */
  async function isSavedAfterTheWait(document: vscode.TextDocument): Promise<void> {
    server.lock('report.md', 'ann');
    assert.equal(await document.save(), false);
    const { state, locks } = await status(document.uri);
    assert.deepEqual([state, locks[0]?.holder], ['other', 'Ann Lee']);
    assert.equal(locks[0]?.contact?.path, 'ann@example.org');
    assert.ok(locks[0]?.until instanceof Date);
    const saved = savedIn(document);
    await executeCommand('lockStatus.wait', document.uri);
    assert.deepEqual(
      (await api()).blockedSaves().map(({ uri, waiting }) => [String(uri), waiting]),
      [[String(document.uri), true]],
    );
    server.unlock('report.md');
    await saved;
    assert.equal(server.text('report.md'), document.getText());
    // VS Code reports the save before the wait has heard of it.
    while ((await api()).blockedSaves().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Ann has changed another line meanwhile: nothing is overwritten, and a merge brings both. */
  async function isMerged(document: vscode.TextDocument): Promise<void> {
    await type(document, 0, 'ONE again');
    server.put('report.md', server.text('report.md')?.replace('five', 'FIVE, by Ann') ?? '');
    assert.equal(await document.save(), false);
    assert.match(server.text('report.md') ?? '', /FIVE, by Ann/);
    // Its message stays until somebody clicks it.
    void executeCommand('lockStatus.merge', document.uri);
    await new Promise<void>((resolve) => {
      const listening = vscode.workspace.onDidChangeTextDocument((change) => {
        if (change.document !== document || !document.getText().includes('FIVE, by Ann')) return;
        listening.dispose();
        resolve();
      });
    });
    assert.equal(await document.save(), true);
    assert.equal(server.text('report.md'), lines('ONE again', 'two', 'three', 'four', 'FIVE, by Ann'));
  }

  it('is opened by address, waited for, merged and saved without any mapping', async () => {
    await connect({ url: `${server.url}/report.md`, ...signIn });
    const document = await open('report.md');
    assert.equal((await status(document.uri)).state, 'unknown');
    await type(document, 0, 'ONE');
    await isSavedAfterTheWait(document);
    await isMerged(document);
  }).timeout(60_000);

  it('is listed, locked at the first keystroke, waited for, saved and released by a mapping alone', async () => {
    await set('endpoints', { 'docs-api': fileServiceMapping });
    await set('connections', [{ name: 'Docs', url: server.url, endpoint: 'docs-api' }]);
    await connect({ url: server.url, ...signIn });
    assert.deepEqual(await vscode.workspace.fs.readDirectory(uriOf('')), [
      ['report.md', vscode.FileType.File],
    ]);
    const document = await open('report.md');
    server.lock('report.md', 'ann');
    assert.equal((await status(document.uri)).state, 'other');
    server.unlock('report.md');
    assert.equal((await status(document.uri)).state, 'free');
    await type(document, 0, 'ONE');
    await becomes(document.uri, 'mine');
    assert.equal(server.locks.get('report.md')?.login, 'alice');
    assert.equal(await document.save(), true);
    await executeCommand('lockStatus.release', document.uri);
    assert.equal(server.locks.size, 0);
    server.lock('report.md', 'ann');
    await type(document, 0, 'One');
    await isSavedAfterTheWait(document);
    await isMerged(document);
  }).timeout(60_000);
});
