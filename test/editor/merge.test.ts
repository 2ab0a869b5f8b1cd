import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { resourceId } from '../../src/core/model/resource';
import { BaseVersions } from '../../src/core/saving/baseVersions';
import { Merges } from '../../src/editor/files/merges';
import { connect } from './extensionApi';
import { skipBecause } from '../support/rings/skip';
import { suiteServer, type SuiteServer } from '../support/rings/suiteServers';

const { executeCommand } = vscode.commands;
const lines = (...texts: string[]) => texts.map((text) => `${text}\n`).join('');

describe('Merging with the server', () => {
  let server: SuiteServer;
  let root: vscode.Uri;

  before(async function () {
    const found = suiteServer('nephele');
    if ('why' in found) return skipBecause(this, found.why);
    server = found;
    root = vscode.Uri.parse(server.url.replace(/^http/, 'dav'));
    await connect({ url: server.url, ...server.user('alice') });
  });

  it('brings both changes into the document, and replaces only the version that was merged', async () => {
    const path = join(server.dataDir, 'merge.md');
    writeFileSync(path, lines('one', 'two', 'three', 'four', 'five'));
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, 'merge.md'));
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 0, 3), 'ONE');
    await vscode.workspace.applyEdit(edit);
    writeFileSync(path, lines('one', 'two', 'three', 'four', 'FIVE'));
    assert.equal(await document.save(), false, 'the conflict is seen');

    let acted = false;
    void executeCommand('lockStatus.showActions', document.uri).then(() => (acted = true));
    const result = nextSaved(/merges/);
    while (!acted) {
      await new Promise((next) => setTimeout(next, 200));
      await executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    }
    // The merge editor takes commands a moment after it is shown, and tells nobody when.
    while (!vscode.workspace.textDocuments.some(({ uri, isDirty }) => isDirty && /merges/.test(uri.path))) {
      await executeCommand('merge.acceptAllInput1');
    }
    await executeCommand('workbench.action.files.save');
    await result;
    await until(() => document.getText().includes('FIVE'));
    assert.equal(
      readFileSync(path, 'utf8').includes('ONE'),
      false,
      'nothing is written before the person saves',
    );
    assert.equal(document.isDirty, true);
    assert.equal(await document.save(), true);
    assert.equal(readFileSync(path, 'utf8'), document.getText());
    await executeCommand('workbench.action.closeAllEditors');
  });

  it('takes a result that is exactly the person’s own text for a decision too', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'mine' });
    const baseVersions = new BaseVersions();
    const folder = vscode.Uri.file(mkdtempSync(join(tmpdir(), 'merges-')));
    const merges = new Merges({ folder, baseVersions, documents: { find: () => document } as never });
    const resource = resourceId(`${server.url}mine.md`);
    const theirs = { bytes: new TextEncoder().encode('theirs'), version: { size: 6 } };
    const output = await merges.begin(resource, new TextEncoder().encode('mine'), theirs);
    const result = await vscode.workspace.openTextDocument(output);
    for (const [from, to] of [
      [4, '!'],
      [5, ''],
    ] as const) {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(output, new vscode.Range(0, 4, 0, from), to);
      await vscode.workspace.applyEdit(edit);
    }
    assert.equal(result.getText(), 'mine');
    assert.equal(baseVersions.shownOf(resource), undefined);
    await result.save();
    assert.deepEqual(baseVersions.shownOf(resource)?.bytes, theirs.bytes);
    merges.dispose();
    await executeCommand('workbench.action.closeAllEditors');
  });
});

function nextSaved(path: RegExp): Promise<vscode.TextDocument> {
  return new Promise((resolve) => {
    const saved = vscode.workspace.onDidSaveTextDocument((document) => {
      if (!path.test(document.uri.path)) return;
      saved.dispose();
      resolve(document);
    });
  });
}

function until(is: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const changed = vscode.workspace.onDidChangeTextDocument(() => {
      if (!is()) return;
      changed.dispose();
      resolve();
    });
    if (is()) resolve();
  });
}
