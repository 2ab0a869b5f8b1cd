// Waits and closed files in the editor itself, where other programs have their hands in the same files.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Colleague } from '../support/colleague';
import type { FaultProxy } from '../support/faultProxy';
import type { SuiteServer } from '../support/rings/suiteServers';
import { api } from './extensionApi';
import { enterBehindProxy, leave, type ProxiedScene } from './scene';

const { executeCommand } = vscode.commands;

describe('A document that waits for its lock', () => {
  let scene: ProxiedScene | undefined;
  let server: SuiteServer;
  let proxy: FaultProxy;
  let root: vscode.Uri;
  let bob: Colleague;

  before(async function () {
    ({ server, proxy, root, bob } = scene = await enterBehindProxy(this, 'nephele'));
  });

  afterEach(async () => {
    proxy?.clear();
    await executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    if (scene) await leave(scene);
  });

  const onServer = (name: string) => readFileSync(join(server.dataDir, name), 'utf8');

  async function open(name: string): Promise<vscode.TextDocument> {
    writeFileSync(join(server.dataDir, name), 'Before.\n');
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, name));
    await vscode.window.showTextDocument(document);
    return document;
  }

  async function type(document: vscode.TextDocument, text: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), text);
    await vscode.workspace.applyEdit(edit);
  }

  /** Bob's lock has refused the text, and the document waits for it. */
  async function waiting(name: string): Promise<vscode.TextDocument> {
    const document = await open(name);
    await bob.lock(name);
    await type(document, 'Mine. ');
    assert.equal(await document.save(), false);
    await executeCommand('lockStatus.wait', document.uri);
    assert.equal(await isWaiting(document), true);
    return document;
  }

  /** Undefined where no text of the file is refused either. */
  async function isWaiting({ uri }: vscode.TextDocument): Promise<boolean | undefined> {
    const listed = (await api()).blockedSaves().find((save) => save.uri.toString() === uri.toString());
    return listed?.waiting;
  }

  /** Something that has not happened until the test says so. */
  function pending(): { readonly until: Promise<void>; readonly happens: () => void } {
    let happens = (): void => undefined;
    const until = new Promise<void>((resolve) => (happens = resolve));
    return { until, happens };
  }

  it('is saved again where a key was pressed during its PUT, under the same lock', async () => {
    const name = 'typed-on.md';
    const path = `/${name}`;
    const document = await waiting(name);
    const before = proxy.exchanges.length;
    const typing = pending();
    proxy.inject({ method: 'PUT', path, times: 1 }, { kind: 'hold', at: 'request', until: typing.until });
    const saving = proxy.next({ method: 'PUT', path }, 'arrived');
    const unlocked = proxy.next({ method: 'UNLOCK', path });
    await bob.unlock(name);
    await saving;
    await type(document, 'Later. ');
    typing.happens();
    await unlocked;
    assert.equal(onServer(name), 'Later. Mine. Before.\n');
    assert.equal(document.isDirty, false);
    assert.equal(await isWaiting(document), undefined);
    const methods = proxy.exchanges.slice(before).map(({ method }) => method);
    assert.deepEqual(
      methods.filter((method) => /LOCK|PUT/.test(method)),
      ['LOCK', 'PUT', 'PUT', 'UNLOCK'],
    );
  });

  it('waits on with its text kept where another program writes the file, and does not overwrite that', async () => {
    const name = 'by-program.md';
    const path = `/${name}`;
    const document = await waiting(name);
    // The wait finds the server busy, and tries again after the program has written.
    proxy.inject({ method: 'LOCK', path, times: 1 }, { kind: 'answer', status: 503 });
    const refused = proxy.next({ method: 'LOCK', path });
    await bob.unlock(name);
    await refused;
    await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode('By a program.\n'));
    assert.deepEqual([onServer(name), document.isDirty], ['By a program.\n', true]);
    assert.equal(await isWaiting(document), true);
    const unlocked = proxy.next({ method: 'UNLOCK', path });
    await unlocked;
    assert.equal(onServer(name), 'By a program.\n');
    assert.deepEqual([document.getText(), document.isDirty], ['Mine. Before.\n', true]);
    assert.equal(await isWaiting(document), true, 'it asks its person');
    await executeCommand('lockStatus.stopWaiting', document.uri);
    assert.equal(await isWaiting(document), false, 'the text is still kept');
    await executeCommand('workbench.action.files.revert');
  });

  it('releases its lock with its last tab, though another extension has it open', async () => {
    const name = 'closed.md';
    const document = await open(name);
    await type(document, 'Mine. ');
    assert.equal(await document.save(), true);
    assert.equal((await bob.locksOn(name)).length, 1);
    const unlocked = proxy.next({ method: 'UNLOCK', path: `/${name}` });
    await executeCommand('workbench.action.closeAllEditors');
    await unlocked;
    assert.deepEqual(await bob.locksOn(name), []);
    assert.equal(document.isClosed, false, 'this suite is the other extension');
  });
});
