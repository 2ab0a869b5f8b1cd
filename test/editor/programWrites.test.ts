// Other extensions write files as well, also while somebody has unsaved text of theirs.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LockStatusApi } from '../../src/editor/api';
import { Colleague } from '../support/colleague';
import { skipBecause } from '../support/rings/skip';
import { suiteServer, type SuiteServer } from '../support/rings/suiteServers';

const { executeCommand } = vscode.commands;
const bytes = (content: string) => new TextEncoder().encode(content);

describe('What a program writes beside unsaved text', () => {
  let server: SuiteServer;
  let api: LockStatusApi;
  let serial = 0;

  before(async function () {
    const found = suiteServer('nephele');
    if ('why' in found) return skipBecause(this, found.why);
    server = found;
    api = (await vscode.extensions.getExtension<LockStatusApi>('lock-status.lock-status')?.activate())!;
    await executeCommand('lockStatus.connect', { url: server.url, ...server.user('alice') });
  });

  afterEach(async () => {
    await executeCommand('workbench.action.files.revert');
    await executeCommand('workbench.action.closeAllEditors');
  });

  /** A file of its own, open, with `mine ` before its text and not saved. */
  async function edited() {
    const name = `program${(serial += 1)}.md`;
    const path = join(server.dataDir, name);
    writeFileSync(path, 'base');
    const uri = vscode.Uri.joinPath(vscode.Uri.parse(server.url.replace(/^http/, 'dav')), name);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const type = async (text: string) => {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(uri, new vscode.Position(0, 0), text);
      await vscode.workspace.applyEdit(edit);
    };
    await type('mine ');
    assert.equal(document.isDirty, true);
    const listed = () => api.blockedSaves().filter((save) => save.uri.toString() === uri.toString());
    return { name, uri, document, type, listed, onServer: () => readFileSync(path, 'utf8') };
  }

  it('is not overwritten by that text, which nobody has compared with it', async () => {
    const { uri, document, onServer } = await edited();
    await vscode.workspace.fs.writeFile(uri, bytes('by a program'));
    assert.equal(onServer(), 'by a program');
    assert.equal(document.isDirty, true);
    assert.equal(await document.save(), false);
    assert.equal(onServer(), 'by a program');
    assert.equal(document.getText(), 'mine base');
  });

  it('does not stand for that text: what was refused is still refused, and waits', async () => {
    const { name, uri, document, listed } = await edited();
    // The lock of the first keystroke is in the way of a colleague's.
    await executeCommand('lockStatus.release', uri);
    const bob = new Colleague(server.url, server.user('bob'));
    const token = await bob.lock(name);
    assert.equal(await document.save(), false);
    assert.equal(listed().length, 1);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, bytes('by a program')));
    assert.equal(listed().length, 1);
    await bob.unlock(name, token);
    await vscode.workspace.fs.writeFile(uri, bytes('by a program'));
    assert.equal(listed().length, 1);
    assert.equal(document.isDirty, true);
  });

  it('is one after the other where the program knows what it has written', async () => {
    const { uri, onServer } = await edited();
    for (const text of ['first', 'second', 'third']) {
      await vscode.workspace.fs.writeFile(uri, bytes(text));
      assert.equal(onServer(), text);
    }
  });

  it('is told apart from a save in which nothing takes part', async () => {
    const { document, onServer, type } = await edited();
    await executeCommand('workbench.action.files.saveWithoutFormatting');
    assert.equal(document.isDirty, false);
    assert.equal(onServer(), 'mine base');
    await type('again ');
    await executeCommand('workbench.action.files.save');
    assert.equal(document.isDirty, false);
    assert.equal(onServer(), 'again mine base');
  });
});
