import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { RemoteFailure } from '../../src/core/model/failure';
import { resourceId } from '../../src/core/model/resource';
import { fileError } from '../../src/editor/files/fileErrors';
import type { Colleague } from '../support/colleague';
import { heard } from './contextByHand';
import { api } from './extensionApi';
import type { SuiteServer } from '../support/rings/suiteServers';
import { enter } from './scene';
import { until } from './until';

/** Of a format without ids of cells: the editor would give them some after each load, and count that as a change. */
const notebook = (text: string) =>
  JSON.stringify({
    cells: [{ cell_type: 'markdown', metadata: {}, source: [text] }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 4,
  });

async function insert({ uri }: vscode.NotebookDocument, text: string): Promise<void> {
  const change = new vscode.WorkspaceEdit();
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, text, 'markdown');
  change.set(uri, [vscode.NotebookEdit.insertCells(0, [cell])]);
  await vscode.workspace.applyEdit(change);
}

describe('A notebook', () => {
  let server: SuiteServer;
  let uri: vscode.Uri;

  before(async function () {
    const scene = await enter(this, 'nephele');
    server = scene.server;
    uri = vscode.Uri.joinPath(scene.root, 'shared.ipynb');
  });

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('never overwrites what somebody wrote since it was shown, whoever has read that', async () => {
    const path = join(server.dataDir, 'shared.ipynb');
    writeFileSync(path, notebook('base'));
    const document = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(document);
    await insert(document, 'mine');
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
      await insert(document, text);
      assert.equal(await document.save(), true, text);
      assert.match(readFileSync(path, 'utf8'), new RegExp(text));
      if (text === 'two') await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  });
});

describe('A refused notebook', () => {
  let server: SuiteServer;
  let root: vscode.Uri;
  let bob: Colleague;

  before(async function () {
    ({ server, root, bob } = await enter(this, 'nephele'));
  });

  /** A notebook whose save Bob's lock has refused, and which may be saved now. */
  async function refused(name: string): Promise<vscode.NotebookDocument> {
    writeFileSync(join(server.dataDir, name), notebook('base'));
    const document = await vscode.workspace.openNotebookDocument(vscode.Uri.joinPath(root, name));
    await vscode.window.showNotebookDocument(document);
    await insert(document, 'mine');
    await bob.lock(name);
    assert.equal(await document.save(), false);
    assert.equal(await isKept(document), true);
    await bob.unlock(name);
    return document;
  }

  const isKept = async ({ uri }: vscode.NotebookDocument) =>
    (await api()).blockedSaves().some((save) => save.uri.toString() === uri.toString());

  /** Closing what has unsaved changes would ask, and nobody answers. Another editor may be in front by now. */
  async function discard(document: vscode.NotebookDocument): Promise<void> {
    const isOpen = ({ input }: vscode.Tab) =>
      input instanceof vscode.TabInputNotebook && input.uri.toString() === document.uri.toString();
    await until(async () => {
      if (!vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(isOpen))) return true;
      await vscode.window.showNotebookDocument(document);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      return false;
    });
  }

  it('stays kept while another program writes the file, until its editor has no changes', async () => {
    const document = await refused('kept.ipynb');
    await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode(notebook('by a program')));
    assert.match(readFileSync(join(server.dataDir, 'kept.ipynb'), 'utf8'), /by a program/);
    assert.deepEqual([document.isDirty, await isKept(document)], [true, true]);
    await discard(document);
    await until(async () => !(await isKept(document)));
  });

  it('cannot wait, which is not said of a file that is not open', async () => {
    const document = await refused('waiting.ipynb');
    const { uri } = document;
    const { messages } = await heard(() => vscode.commands.executeCommand('lockStatus.wait', uri));
    assert.deepEqual(messages, [
      'waiting.ipynb is open in an editor that can’t wait. Save it again when its lock is free. | Close',
    ]);
    // Nor does the message of its refused save offer it.
    await bob.lock('waiting.ipynb');
    const written = vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(notebook('by a program')));
    const { message } = await written.then(
      () => assert.fail('written under a lock'),
      (error: Error) => error,
    );
    assert.match(message, /^Locked.*More…/);
    assert.doesNotMatch(message, /Save When Free/);
    await bob.unlock('waiting.ipynb');
    await discard(document);
  });

  it('is no longer kept when it is saved, with what was changed since', async () => {
    const document = await refused('changed.ipynb');
    await insert(document, 'more');
    assert.equal(await document.save(), true);
    assert.match(readFileSync(join(server.dataDir, 'changed.ipynb'), 'utf8'), /more/);
    await until(async () => !(await isKept(document)));
    await discard(document);
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
