// Overwriting the server's version: only with unsaved text, only the version that was compared last, in any editor.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Colleague } from '../support/colleague';
import type { SuiteServer } from '../support/rings/suiteServers';
import { heard } from './contextByHand';
import { enter } from './scene';

const { executeCommand } = vscode.commands;

describe('Overwriting the server’s version', () => {
  let server: SuiteServer;
  let root: vscode.Uri;
  let bob: Colleague;

  before(async function () {
    ({ server, root, bob } = await enter(this, 'nephele'));
  });

  afterEach(async () => {
    await executeCommand('workbench.action.revertAndCloseActiveEditor');
    await executeCommand('workbench.action.closeAllEditors');
  });

  /** Past every lock. */
  const write = (name: string, text: string) => writeFileSync(join(server.dataDir, name), text);

  async function open(name: string): Promise<vscode.TextDocument> {
    write(name, 'Before.\n');
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, name));
    await vscode.window.showTextDocument(document);
    return document;
  }

  async function edit({ uri }: vscode.TextDocument): Promise<void> {
    const change = new vscode.WorkspaceEdit();
    change.insert(uri, new vscode.Position(0, 0), 'Mine. ');
    await vscode.workspace.applyEdit(change);
  }

  const overwrite = (uri: vscode.Uri) =>
    heard(() => executeCommand('lockStatus.overwrite', uri), 'Overwrite');

  it('does nothing where nothing is unsaved, and agrees to nothing for later', async () => {
    const name = 'unchanged.md';
    const document = await open(name);
    write(name, 'By Bob.\n');
    await executeCommand('lockStatus.compare', document.uri);
    const { messages } = await overwrite(document.uri);
    assert.deepEqual(messages, [
      'unchanged.md has no unsaved changes, so there is nothing to overwrite. | Close',
    ]);
    assert.equal(await bob.get(name), 'By Bob.\n');
  });

  it('is agreed to for the version that was compared last', async () => {
    const name = 'compared.md';
    const document = await open(name);
    await edit(document);
    await executeCommand('lockStatus.release', document.uri);
    write(name, 'By Bob.\n');
    await executeCommand('lockStatus.compare', document.uri);
    const token = await bob.lock(name);
    await overwrite(document.uri);
    await bob.unlock(name, token);
    write(name, 'By Bob again.\n');
    await executeCommand('lockStatus.compare', document.uri);
    write(name, 'By Bob.\n');
    assert.equal(await document.save(), false);
    assert.equal(await bob.get(name), 'By Bob.\n');
    await executeCommand('lockStatus.compare', document.uri);
    await overwrite(document.uri);
    assert.deepEqual([document.isDirty, await bob.get(name)], [false, 'Mine. Before.\n']);
  });

  it('saves a notebook as well', async () => {
    const notebook = (text: string) =>
      JSON.stringify({
        cells: [{ cell_type: 'markdown', metadata: {}, source: [text] }],
        metadata: {},
        nbformat: 4,
        nbformat_minor: 4,
      });
    const name = 'overwritten.ipynb';
    write(name, notebook('before'));
    const document = await vscode.workspace.openNotebookDocument(vscode.Uri.joinPath(root, name));
    await vscode.window.showNotebookDocument(document);
    const change = new vscode.WorkspaceEdit();
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, 'mine', 'markdown');
    change.set(document.uri, [vscode.NotebookEdit.insertCells(0, [cell])]);
    await vscode.workspace.applyEdit(change);
    write(name, notebook('by bob'));
    assert.equal(await document.save(), false);
    await executeCommand('lockStatus.compare', document.uri);
    await overwrite(document.uri);
    assert.equal(document.isDirty, false);
    const now = await bob.get(name);
    assert.deepEqual([now.includes('mine'), now.includes('by bob')], [true, false]);
    await vscode.window.showNotebookDocument(document);
  });
});
