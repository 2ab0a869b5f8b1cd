import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { RemoteFailure } from '../../src/core/model/failure';
import { resourceId } from '../../src/core/model/resource';
import { fileError } from '../../src/editor/files/fileErrors';
import { connect } from './extensionApi';
import { skipBecause } from '../support/rings/skip';
import { suiteServer, type SuiteServer } from '../support/rings/suiteServers';

const notebook = (text: string) =>
  JSON.stringify({
    cells: [{ cell_type: 'markdown', metadata: {}, source: [text] }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });

describe('A notebook', () => {
  let server: SuiteServer;
  let uri: vscode.Uri;

  before(async function () {
    const found = suiteServer('nephele');
    if ('why' in found) return skipBecause(this, found.why);
    server = found;
    uri = vscode.Uri.joinPath(vscode.Uri.parse(server.url.replace(/^http/, 'dav')), 'shared.ipynb');
    await connect({ url: server.url, ...server.user('alice') });
  });

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('never overwrites what somebody wrote since it was shown, whoever has read that', async () => {
    const path = join(server.dataDir, 'shared.ipynb');
    writeFileSync(path, notebook('base'));
    const document = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(document);
    const change = new vscode.WorkspaceEdit();
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, 'mine', 'markdown');
    change.set(uri, [vscode.NotebookEdit.insertCells(0, [cell])]);
    await vscode.workspace.applyEdit(change);
    assert.equal(document.isDirty, true);
    writeFileSync(path, notebook('by bob'));
    await vscode.workspace.fs.readFile(uri);
    assert.equal(await document.save(), false);
    assert.match(readFileSync(path, 'utf8'), /by bob/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('is saved again and again, and after it was opened again', async () => {
    const path = join(server.dataDir, 'shared.ipynb');
    writeFileSync(path, notebook('base'));
    for (const text of ['one', 'two', 'three']) {
      const document = await vscode.workspace.openNotebookDocument(uri);
      await vscode.window.showNotebookDocument(document);
      const change = new vscode.WorkspaceEdit();
      const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, text, 'markdown');
      change.set(uri, [vscode.NotebookEdit.insertCells(0, [cell])]);
      await vscode.workspace.applyEdit(change);
      assert.equal(await document.save(), true, text);
      assert.match(readFileSync(path, 'utf8'), new RegExp(text));
      if (text === 'two') await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  });
});

describe('The editor’s error', () => {
  it('has what there is to say of a refused save, also where the file is missing', () => {
    const uri = vscode.Uri.parse('dav://host/gone.md');
    for (const [kind, code] of [
      ['notFound', 'FileNotFound'],
      ['exists', 'FileExists'],
    ] as const) {
      const failure = new RemoteFailure(kind, { resource: resourceId('http://host/gone.md'), status: 404 });
      const error = fileError(failure, uri, 'A sentence. [More](command:more)');
      assert.deepEqual([error.code, error.message], [code, 'A sentence. [More](command:more)']);
      assert.equal(fileError(failure, uri).code, code);
    }
  });
});
