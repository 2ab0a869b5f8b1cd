import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Colleague } from '../support/colleague';
import type { SuiteServer } from '../support/rings/suiteServers';
import { enter } from './scene';
import { takingFirst } from './takingFirst';

const { executeCommand } = vscode.commands;

describe('Recovering texts that could not be saved', () => {
  let server: SuiteServer;
  let root: vscode.Uri;
  let bob: Colleague;

  before(async function () {
    ({ server, root, bob } = await enter(this, 'nephele'));
  });
  after(() => server?.restart({ forgetLocks: true }));

  /** A document with a text that a colleague's lock keeps from being saved. */
  async function blocked(name: string): Promise<vscode.TextDocument> {
    writeFileSync(join(server.dataDir, name), 'Before.\n');
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, name));
    await vscode.window.showTextDocument(document);
    await bob.lock(name);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'Mine.\n');
    await vscode.workspace.applyEdit(edit);
    assert.equal(await document.save(), false);
    return document;
  }

  /** Takes the first text, then the first of what can be done with it. */
  const recover = (uri: vscode.Uri) => takingFirst(() => executeCommand('lockStatus.recover', uri));

  it('restores into the document, writes nothing, and forgets the text when it lands', async () => {
    const document = await blocked('thrown.md');
    await executeCommand('workbench.action.files.revert');
    assert.equal(document.getText(), 'Before.\n');
    await recover(document.uri);
    assert.equal(document.getText(), 'Mine.\nBefore.\n');
    assert.equal(document.isDirty, true);
    assert.equal(readFileSync(join(server.dataDir, 'thrown.md'), 'utf8'), 'Before.\n');
    await server.restart({ forgetLocks: true });
    assert.equal(await document.save(), true);
    assert.equal(readFileSync(join(server.dataDir, 'thrown.md'), 'utf8'), 'Mine.\nBefore.\n');
    // With nothing kept there is nothing to choose, so it comes to its end by itself.
    await executeCommand('lockStatus.recover', document.uri);
  });

  it('never overwrites what changed on the server since the text was refused', async () => {
    const document = await blocked('changed.md');
    await executeCommand('workbench.action.files.revert');
    await executeCommand('workbench.action.closeActiveEditor');
    await server.restart({ forgetLocks: true });
    writeFileSync(join(server.dataDir, 'changed.md'), 'By Bob.\n');
    await recover(document.uri);
    const again = vscode.workspace.textDocuments.find(({ uri }) => uri.path === document.uri.path);
    assert.equal(again?.getText(), 'Mine.\nBefore.\n');
    assert.equal(await again?.save(), false);
    assert.equal(readFileSync(join(server.dataDir, 'changed.md'), 'utf8'), 'By Bob.\n');
    await executeCommand('workbench.action.files.revert');
  });
});
