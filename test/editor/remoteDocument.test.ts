import assert from 'node:assert/strict';
import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
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
    await vscode.commands.executeCommand('lockStatus.connect', { url: server.url, ...server.user('alice') });
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

  it('is read again after the server was restarted', async () => {
    await server.restart({ forgetLocks: true });
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(root, 'open.md'));
    assert.equal(new TextDecoder().decode(bytes), 'Zero.\nOne.\n');
  });
});
