import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SuiteServer } from '../support/rings/suiteServers';
import type { Colleague } from '../support/colleague';
import { api } from './extensionApi';
import { heard } from './contextByHand';
import { enter } from './scene';
import { until } from './until';

const { executeCommand } = vscode.commands;
const lines = (...texts: string[]) => texts.map((text) => `${text}\n`).join('');

describe('Merging with the server', () => {
  let server: SuiteServer;
  let root: vscode.Uri;
  let bob: Colleague;
  let serial = 0;

  before(async function () {
    ({ server, root, bob } = await enter(this, 'nephele'));
  });

  afterEach(() => executeCommand('workbench.action.closeAllEditors'));

  /** A document whose first line was changed here, and whose text was changed on the server since. */
  async function conflict(theirs: string, mine = 'ONE') {
    const name = `merge-${(serial += 1)}.md`;
    const path = join(server.dataDir, name);
    writeFileSync(path, lines('one', 'two', 'three', 'four', 'five'));
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, name));
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 0, 3), mine);
    await vscode.workspace.applyEdit(edit);
    const before = document.getText();
    writeFileSync(path, theirs);
    assert.equal(await document.save(), false, 'the conflict is seen');
    const merge = (answer?: string) => heard(() => executeCommand('lockStatus.merge', document.uri), answer);
    return { path, document, before, merge, onServer: () => readFileSync(path, 'utf8') };
  }

  it('brings both changes into the document unsaved, and the next save writes them', async () => {
    const theirs = lines('one', 'two', 'three', 'four', 'FIVE');
    const { document, merge, onServer } = await conflict(theirs);
    const { messages } = await merge();
    assert.deepEqual(messages, [
      `Merged the server’s changes into ${document.fileName.slice(1)}. | Save | Show Changes`,
    ]);
    assert.equal(document.getText(), lines('ONE', 'two', 'three', 'four', 'FIVE'));
    assert.equal(document.isDirty, true);
    assert.equal(onServer(), theirs, 'nothing is written before the person saves');
    assert.equal(await document.save(), true);
    assert.equal(onServer(), document.getText());
  });

  it('saves on the word of the person in the message', async () => {
    const { document, merge, onServer } = await conflict(lines('one', 'two', 'three', 'four', 'FIVE'));
    const saved = new Promise<void>((resolve) => {
      const listening = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.toString() !== document.uri.toString()) return;
        listening.dispose();
        resolve();
      });
    });
    await merge('Save');
    await saved;
    assert.equal(onServer(), lines('ONE', 'two', 'three', 'four', 'FIVE'));
  });

  it('marks what overlaps, and says how many conflicts there are', async () => {
    const { document, merge } = await conflict(lines('uno', 'two', 'three', 'four', 'five'));
    const { messages } = await merge();
    assert.match(messages[0] ?? '', /One conflict is left: resolve it, then save/);
    assert.match(document.getText(), /^<<<<<<< Yours\nONE\n=======\nuno\n>>>>>>> On the server\ntwo\n/);
  });

  it('says how many conflicts of an earlier merge are left, and offers no save', async () => {
    const { document, merge, path } = await conflict(lines('uno', 'two', 'three', 'four', 'five'));
    const name = document.fileName.slice(1);
    await merge();
    writeFileSync(path, lines('uno', 'two', 'three', 'four', 'FIVE'));
    assert.deepEqual((await merge()).messages, [
      `Merged the server’s changes into ${name}. One conflict is left: resolve it, then save. | Show Changes`,
    ]);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(7, 0, 7, 4), 'vier');
    await vscode.workspace.applyEdit(edit);
    writeFileSync(path, lines('uno', 'two', 'three', 'quattro', 'FIVE'));
    assert.deepEqual((await merge()).messages, [
      `Merged the server’s changes into ${name}. 2 conflicts are left: resolve them, then save. | Show Changes`,
    ]);
  });

  it('is one step of undo, after which a save is the conflict again', async () => {
    const theirs = lines('one', 'two', 'three', 'four', 'FIVE');
    const { document, before, merge, onServer } = await conflict(theirs);
    await merge();
    await vscode.window.showTextDocument(document);
    await executeCommand('undo');
    assert.equal(document.getText(), before);
    assert.equal(
      await document.save(),
      false,
      'the text without the changes of the server is not written over them',
    );
    assert.equal(onServer(), theirs);
    await executeCommand('redo');
    assert.equal(await document.save(), true);
    assert.equal(onServer(), lines('ONE', 'two', 'three', 'four', 'FIVE'));
  });

  it('binds the save to the version that was merged', async () => {
    const { document, merge, path, onServer } = await conflict(lines('one', 'two', 'three', 'four', 'FIVE'));
    await merge();
    writeFileSync(path, 'somebody came after the merge\n');
    assert.equal(await document.save(), false);
    assert.equal(onServer(), 'somebody came after the merge\n');
  });

  /** What the line above the text begins with, once it does. */
  const next = ({ uri }: vscode.TextDocument, text: string | undefined) =>
    until(async () => {
      const lenses = await executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
      return lenses[0]?.command?.title.replace(/^.*\u00a0/, '') === text;
    });

  it('is to be saved, and to be reviewed again after an undo or another change on the server', async () => {
    const { document, merge, path } = await conflict(lines('one', 'two', 'three', 'four', 'FIVE'));
    await next(document, 'Changed on server: review');
    await merge();
    await next(document, 'Merged: save');
    await vscode.window.showTextDocument(document);
    await executeCommand('undo');
    await next(document, 'Changed on server: review');
    await executeCommand('redo');
    await next(document, 'Merged: save');
    writeFileSync(path, lines('one', 'two', 'three', 'FOUR', 'FIVE'));
    await executeCommand('lockStatus.compare', document.uri);
    await next(document, 'Changed on server: review');
    await merge();
    await next(document, 'Merged: save');
    assert.equal(document.getText(), lines('ONE', 'two', 'three', 'FOUR', 'FIVE'));
    assert.equal(await document.save(), true);
    await next(document, undefined);
  });

  it('is to be resolved before it is saved', async () => {
    const { document, merge } = await conflict(lines('uno', 'two', 'three', 'four', 'five'));
    await merge();
    await next(document, 'Merged: resolve conflicts');
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 5, 0), 'ONE, uno\n');
    await vscode.workspace.applyEdit(edit);
    await next(document, 'Merged: save');
  });

  it('keeps every version that undo leads back to from being written over', async () => {
    const { document, before, merge, path, onServer } = await conflict(
      lines('one', 'two', 'three', 'four', 'FIVE'),
    );
    await merge();
    const theirs = lines('one', 'two', 'three', 'FOUR', 'FIVE');
    writeFileSync(path, theirs);
    await merge();
    await vscode.window.showTextDocument(document);
    await executeCommand('undo');
    assert.equal(document.getText(), lines('ONE', 'two', 'three', 'four', 'FIVE'));
    assert.equal(await document.save(), false);
    await executeCommand('undo');
    assert.equal(document.getText(), before);
    assert.equal(await document.save(), false);
    assert.equal(onServer(), theirs);
  });

  it('ends the wait that met the other version, and leaves the save to the person', async () => {
    const name = `merge-${(serial += 1)}.md`;
    const path = join(server.dataDir, name);
    writeFileSync(path, lines('one', 'two', 'three', 'four', 'five'));
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, name));
    await vscode.window.showTextDocument(document);
    await bob.lock(name);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 0, 3), 'ONE');
    await vscode.workspace.applyEdit(edit);
    assert.equal(await document.save(), false);
    await executeCommand('lockStatus.wait', document.uri);
    const theirs = lines('one', 'two', 'three', 'four', 'FIVE');
    writeFileSync(path, theirs);
    await bob.unlock(name);
    await next(document, 'Changed on server: review');
    await heard(() => executeCommand('lockStatus.merge', document.uri));
    await next(document, 'Merged: save');
    const kept = (await api()).blockedSaves().find(({ uri }) => uri.toString() === document.uri.toString());
    assert.equal(kept?.waiting, false);
    assert.equal(readFileSync(path, 'utf8'), theirs);
    assert.equal(await document.save(), true);
    assert.equal(readFileSync(path, 'utf8'), lines('ONE', 'two', 'three', 'four', 'FIVE'));
  });

  it('refuses to merge bytes that the document’s encoding would change', async () => {
    const { document, before, merge, path } = await conflict(lines('one'));
    writeFileSync(path, Buffer.from([0x66, 0xfc, 0x72, 0x0a]));
    const { messages } = await merge();
    assert.match(messages[0] ?? '', /has another encoding, so it can’t be merged/);
    assert.equal(document.getText(), before);
  });
});
