import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { nameOf } from '../../src/core/model/resource';
import { activeRemoteUri, OpenFiles } from '../../src/editor/files/openFiles';
import { connect } from './extensionApi';
import { skipBecause } from '../support/rings/skip';
import { suiteServer } from '../support/rings/suiteServers';
import { until } from './until';

const notebook = JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 });

describe('Open files', () => {
  let root: vscode.Uri;
  let files: OpenFiles;
  const changed: string[] = [];

  before(async function () {
    const server = suiteServer('nephele');
    if ('why' in server) return skipBecause(this, server.why);
    root = vscode.Uri.parse(server.url.replace(/^http/, 'dav'));
    for (const name of ['seen.md', 'other-side.md']) writeFileSync(join(server.dataDir, name), 'One.\n');
    writeFileSync(join(server.dataDir, 'seen.ipynb'), notebook);
    await connect({ url: server.url, ...server.user('alice') });
    files = new OpenFiles();
    files.onDidChangeDirty((resources) => changed.push(...resources.map(nameOf)));
  });

  after(async () => {
    files?.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const uri = (name: string) => vscode.Uri.joinPath(root, name);
  const dirty = () => [...files.dirtyFiles()].map(nameOf);
  const active = () => activeRemoteUri()?.path.slice(1);

  it('know the active file, also in a comparison, and none for a local one', async () => {
    await vscode.window.showTextDocument(uri('seen.md'));
    await until(() => active() === 'seen.md');
    const local = await vscode.workspace.openTextDocument({ content: 'local' });
    await vscode.window.showTextDocument(local);
    await until(() => active() === undefined);
    await vscode.commands.executeCommand('vscode.diff', local.uri, uri('other-side.md'), 'a ↔ b');
    await until(() => active() === 'other-side.md');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until(() => active() === undefined);
  });

  it('tell once when a text gets unsaved changes, and when it has none any more', async () => {
    const editor = await vscode.window.showTextDocument(uri('seen.md'));
    changed.length = 0;
    for (const text of ['a', 'b', 'c'])
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text));
    assert.deepEqual([dirty(), changed], [['seen.md'], ['seen.md']]);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until(() => dirty().length === 0);
    assert.deepEqual(changed, ['seen.md', 'seen.md']);
  });

  it('know notebooks', async () => {
    const document = await vscode.workspace.openNotebookDocument(uri('seen.ipynb'));
    await vscode.window.showNotebookDocument(document);
    await until(() => active() === 'seen.ipynb');
    const edit = new vscode.WorkspaceEdit();
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, 'Text', 'markdown');
    edit.set(document.uri, [vscode.NotebookEdit.insertCells(0, [cell])]);
    await vscode.workspace.applyEdit(edit);
    await until(() => dirty().includes('seen.ipynb'));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until(() => dirty().length === 0);
  });

  it('are silent after their end', async () => {
    files.dispose();
    changed.length = 0;
    const editor = await vscode.window.showTextDocument(uri('seen.md'));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'x'));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    assert.deepEqual(changed, []);
  });
});
