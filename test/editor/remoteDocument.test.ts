import assert from 'node:assert/strict';
import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { connect } from './extensionApi';
import { Colleague } from '../support/colleague';
import { skipBecause } from '../support/rings/skip';
import { suiteServer, type SuiteServer } from '../support/rings/suiteServers';

describe('A document on a server', () => {
  let server: SuiteServer;
  let root: vscode.Uri;

  before(async function () {
    const found = suiteServer('nephele');
    if ('why' in found) return skipBecause(this, found.why);
    server = found;
    root = vscode.Uri.parse(server.url.replace(/^http/, 'dav'));
    writeFileSync(join(server.dataDir, 'open.md'), 'One.\n');
    await connect({ url: server.url, ...server.user('alice') });
  });

  it('is read, and written back where nobody holds a lock', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, 'open.md'));
    assert.equal(document.getText(), 'One.\n');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'Zero.\n');
    await vscode.workspace.applyEdit(edit);
    assert.equal(await document.save(), true);
    assert.equal(readFileSync(join(server.dataDir, 'open.md'), 'utf8'), 'Zero.\nOne.\n');
  });

  for (const how of ['typed', 'applied'] as const)
    it(`rests on what it shows, and not on what another extension has read since: ${how}`, async () => {
      const name = `read-${how}.md`;
      const uri = vscode.Uri.joinPath(root, name);
      const bob = new Colleague(server.url, server.user('bob'));
      await bob.put(name, 'One.\n');
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
      await bob.put(name, 'Two, by Bob.\n');
      await vscode.workspace.fs.readFile(uri);
      if (how === 'typed') await vscode.commands.executeCommand('type', { text: 'Mine. ' });
      else {
        const edit = new vscode.WorkspaceEdit();
        edit.insert(uri, new vscode.Position(0, 0), 'Mine. ');
        await vscode.workspace.applyEdit(edit);
      }
      assert.equal(document.getText(), 'Mine. One.\n');
      assert.equal(await document.save(), false);
      assert.equal(await bob.get(name), 'Two, by Bob.\n');
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    });

  it('is read again after the server was restarted', async () => {
    await server.restart({ forgetLocks: true });
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(root, 'open.md'));
    assert.equal(new TextDecoder().decode(bytes), 'Zero.\nOne.\n');
  });
});
