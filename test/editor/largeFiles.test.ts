// A text so large that VS Code gives extensions no document for it.
import assert from 'node:assert/strict';
import { closeSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { skipBecause } from '../support/rings/skip';
import { suiteServer, type SuiteServer } from '../support/rings/suiteServers';
import { connect } from './extensionApi';
import { until } from './until';

const { executeCommand } = vscode.commands;
const line = `${'Every line says the same as the one before it. '.repeat(20)}\n`;
/** Of the largest text that VS Code gives extensions a document for. */
const largestDocument = 50 * 1024 * 1024;

describe('A text of more than 50 MB', () => {
  const settings = vscode.workspace.getConfiguration('workbench');
  const confirmation = (megabytes?: number) =>
    settings.update('editorLargeFileConfirmation', megabytes, vscode.ConfigurationTarget.Global);
  let server: SuiteServer;
  let path = '';

  before(async function () {
    const found = suiteServer('nephele');
    if ('why' in found) return skipBecause(this, found.why);
    server = found;
    await connect({ url: server.url, ...server.user('alice') });
    await confirmation(1_000);
  });
  after(async () => {
    await confirmation();
    await executeCommand('workbench.action.closeAllEditors');
    if (path) rmSync(path);
  });

  it('has no document, and is saved all the same', async () => {
    path = join(server.dataDir, 'large.txt');
    const size = writeLines(path);
    const uri = vscode.Uri.joinPath(vscode.Uri.parse(server.url.replace(/^http/, 'dav')), 'large.txt');
    await executeCommand('vscode.open', uri);
    await executeCommand('type', { text: 'Mine. ' });
    assert.equal(
      vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString()),
      false,
    );
    await executeCommand('workbench.action.files.save');
    assert.equal(statSync(path).size, size + 'Mine. '.length);
    assert.equal(beginning(path), 'Mine. Every');
    await until(() => vscode.window.tabGroups.activeTabGroup.activeTab?.isDirty === false);
  });
});

function writeLines(path: string): number {
  const text = line.repeat(Math.ceil((largestDocument + 1) / line.length));
  writeFileSync(path, text);
  return text.length;
}

function beginning(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(11);
    readSync(file, bytes);
    return bytes.toString();
  } finally {
    closeSync(file);
  }
}
