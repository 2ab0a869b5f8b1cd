// What is shown and believed as the server's content where a cache stands in between.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Colleague } from '../support/colleague';
import type { FaultProxy } from '../support/faultProxy';
import type { Fault } from '../support/faults';
import type { SuiteServer } from '../support/rings/suiteServers';
import { heard } from './contextByHand';
import { enterBehindProxy, leave, type ProxiedScene } from './scene';

const { executeCommand } = vscode.commands;

describe('Behind a cache that answers with an older content', () => {
  let scene: ProxiedScene | undefined;
  let server: SuiteServer;
  let proxy: FaultProxy;
  let root: vscode.Uri;
  let bob: Colleague;

  before(async function () {
    ({ server, proxy, root, bob } = scene = await enterBehindProxy(this, 'nginx'));
  });

  afterEach(async () => {
    proxy?.clear();
    await executeCommand('workbench.action.revertAndCloseActiveEditor');
    await executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    if (scene) await leave(scene);
  });

  /** A document with a change, a newer version on the server, and what a cache has kept of the older one. */
  async function changed(name: string): Promise<{ document: vscode.TextDocument; kept: Fault }> {
    await bob.put(name, 'Before.\n');
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, name));
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'Mine. ');
    await vscode.workspace.applyEdit(edit);
    const { status, headers, text } = await bob.send('GET', name);
    const told = { ETag: headers.etag ?? '', 'Last-Modified': headers['last-modified'] ?? '' };
    assert.equal(text, 'Before.\n');
    return { document, kept: { kind: 'answer', status, headers: told, body: text } };
  }

  /** Past the lock that the edit has taken. */
  const write = (name: string, text: string) => writeFileSync(join(server.dataDir, name), text);
  const shown = () => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'lock-status-server');
  const isCompared = () =>
    vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff;

  it('a comparison does not show it as the server’s, and shows the newest one later', async () => {
    const name = 'cached.md';
    const { document, kept } = await changed(name);
    write(name, 'By Bob, who wrote later.\n');
    proxy.inject({ method: 'GET', path: `/${name}` }, kept);
    const { messages } = await heard(() => executeCommand('lockStatus.compare', document.uri));
    assert.match(messages.join(), /sent an older version of cached\.md than it lists/);
    assert.deepEqual([isCompared(), shown()], [false, undefined]);
    proxy.clear();
    await executeCommand('lockStatus.compare', document.uri);
    assert.equal(shown()?.getText(), 'By Bob, who wrote later.\n');
  });

  it('a save does not take it for unchanged', async () => {
    const name = 'cached-save.md';
    const { document, kept } = await changed(name);
    write(name, 'By Bob, who wrote later.\n');
    proxy.inject({ method: 'GET', path: `/${name}` }, kept);
    assert.equal(await document.save(), false);
    assert.equal(await bob.get(name), 'By Bob, who wrote later.\n');
  });
});
