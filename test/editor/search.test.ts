// Finding files and texts by the commands themselves; what they need of the editor's window is in the window ring.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Emitter } from '../../src/base/emitter';
import { serverOf } from '../../src/core/model/resource';
import { Contents } from '../../src/core/search/contents';
import { findInFiles } from '../../src/editor/commands/search/findInFiles';
import { goToFile } from '../../src/editor/commands/search/goToFile';
import { CurrentSettings } from '../../src/editor/connection/settings';
import { Documents } from '../../src/editor/files/documents';
import { ResultDocuments } from '../../src/editor/search/resultDocuments';
import { isConfiguration } from '../../src/editor/trust/configurationFiles';
import { toResource } from '../../src/editor/uris';
import { MemoryContents } from '../support/core/searchTree';
import { clock, OnServer } from '../support/core/onServer';
import { skipBecause } from '../support/rings/skip';
import { suiteServer } from '../support/rings/suiteServers';
import { contextByHand } from './contextByHand';
import { connect } from './extensionApi';

describe('Searching a remote folder', () => {
  let root: vscode.Uri;
  let alice: OnServer;
  let documents: Documents;
  let results: ResultDocuments;
  const ownFolders = Object.getOwnPropertyDescriptor(vscode.workspace, 'workspaceFolders');
  const trusted = new Set<string>();

  const context = () =>
    contextByHand({
      clock,
      contents: new Contents(() => alice.server.files, new MemoryContents(), clock),
      directory: alice.directory,
      documents,
      resultDocuments: results,
      settings: new CurrentSettings(() => undefined),
      trust: {
        hides: (id: ReturnType<typeof toResource>) => isConfiguration(id) && !trusted.has(serverOf(id)),
      },
    });

  before(async function () {
    const server = suiteServer('apache');
    if ('why' in server) return skipBecause(this, server.why);
    root = vscode.Uri.parse(`${server.url.replace(/^http/, 'dav')}searched`);
    const files: Record<string, string> = {
      'a/one.md': 'First.\nA needle.\n',
      'a/two.txt': 'needle\n',
      '.vscode/settings.json': '{ "needle": true }\n',
      'node_modules/x/index.js': 'needle\n',
    };
    for (const [path, text] of Object.entries(files)) {
      const file = join(server.dataDir, 'searched', path);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, text);
    }
    await connect({ url: server.url, ...server.user('alice') });
    alice = new OnServer(server.url, server.user('alice'));
    documents = new Documents({
      isDirty: () => false,
      isInNonTextEditor: () => false,
      onDidChangeDirty: new Emitter<never>().event,
    });
    results = new ResultDocuments(clock);
    Object.defineProperty(vscode.workspace, 'workspaceFolders', {
      configurable: true,
      get: () => [{ uri: root, name: 'searched', index: 0 }],
    });
  });

  after(async () => {
    if (ownFolders) Object.defineProperty(vscode.workspace, 'workspaceFolders', ownFolders);
    await vscode.workspace.textDocuments.find(({ isDirty }) => isDirty)?.save();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    documents?.dispose();
    results?.dispose();
    await alice?.close();
  });

  async function found(argument: Record<string, unknown>): Promise<string> {
    await findInFiles(context(), { query: 'needle', ...argument });
    const { document } = vscode.window.activeTextEditor ?? {};
    assert.equal(document?.languageId, 'search-result');
    return untilText(document, /result/);
  }

  it('shows what it found, without what is excluded or not trusted', async () => {
    const text = await found({});
    assert.match(text, /^# Query: needle\n\n2 results in 2 files\.\n/);
    for (const part of ['a/one.md:\n  2: A needle.', 'a/two.txt:\n  1: needle'])
      assert.ok(text.includes(part), text);
    assert.doesNotMatch(text, /settings|index\.js/);
  });

  it('finds in configuration once the server is trusted', async () => {
    trusted.add(serverOf(toResource(root)));
    assert.match(await found({ filesToInclude: '*.json' }), /\.vscode\/settings\.json:/);
    trusted.clear();
  });

  it('searches what stands in the editor, saved or not', async () => {
    const uri = vscode.Uri.joinPath(root, 'a/one.md');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), 'unsaved\n');
    await vscode.workspace.openTextDocument(uri);
    await vscode.workspace.applyEdit(edit);
    assert.match(await found({ query: 'unsaved', isCaseSensitive: true }), /a\/one\.md:\n {2}1: unsaved/);
  });

  it('says what is no regular expression, and where there is nothing to search', async () => {
    await assert.rejects(
      Promise.resolve(findInFiles(context(), { query: '(', isRegex: true })),
      /regular expression/,
    );
    const elsewhere = { uri: root.with({ path: '/' }), query: 'x' };
    await assert.rejects(Promise.resolve(findInFiles(context(), elsewhere)), /of this workspace/);
  });

  it('goes to the line of the file that is picked', async () => {
    const { createQuickPick } = vscode.window;
    const pick = pickByHand('two:1');
    Object.assign(vscode.window, { createQuickPick: () => pick });
    try {
      await goToFile(context(), undefined);
    } finally {
      Object.assign(vscode.window, { createQuickPick });
    }
    assert.deepEqual(pick.listed, ['$(file) one.md', '$(file) two.txt']);
    assert.equal(vscode.window.activeTextEditor?.document.uri.path, '/searched/a/two.txt');
  });
});

/** A person who waits for all names, types, and takes the first that is left. */
function pickByHand(typed: string) {
  const [accepted, hidden, changed] = [
    new vscode.EventEmitter<void>(),
    new vscode.EventEmitter<void>(),
    new vscode.EventEmitter<string>(),
  ];
  return {
    items: [] as readonly vscode.QuickPickItem[],
    activeItems: [] as readonly vscode.QuickPickItem[],
    selectedItems: [] as readonly vscode.QuickPickItem[],
    listed: [] as readonly string[],
    value: '',
    onDidAccept: accepted.event,
    onDidHide: hidden.event,
    onDidChangeValue: changed.event,
    show: () => undefined,
    hide: () => hidden.fire(),
    dispose: () => undefined,
    set busy(on: boolean) {
      if (on) return;
      queueMicrotask(() => {
        this.listed = this.items.map(({ label }) => label).sort();
        this.value = typed;
        changed.fire(typed);
        this.selectedItems = this.items.slice(0, 1);
        accepted.fire();
      });
    },
  };
}

async function untilText(document: vscode.TextDocument, pattern: RegExp): Promise<string> {
  while (!pattern.test(document.getText()))
    await new Promise<void>((resolve) => {
      const subscription = vscode.workspace.onDidChangeTextDocument(({ document: changed }) => {
        if (changed !== document) return;
        subscription.dispose();
        resolve();
      });
    });
  return document.getText();
}
