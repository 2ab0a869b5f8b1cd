// What menus and key bindings are told.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { connect } from './extensionApi';
import { Colleague } from '../support/colleague';
import { skipBecause } from '../support/rings/skip';
import { suiteServer, type SuiteServer } from '../support/rings/suiteServers';

const { executeCommand } = vscode.commands;

describe('The context keys', () => {
  let server: SuiteServer;
  let root: vscode.Uri;
  /** What each key was set to last, by name. */
  const keys = new Map<string, unknown>();
  let look: () => void = () => undefined;

  before(async function () {
    const found = suiteServer('nephele');
    if ('why' in found) return skipBecause(this, found.why);
    server = found;
    root = vscode.Uri.parse(server.url.replace(/^http/, 'dav'));
    // The extension and its tests are given the same `vscode`.
    vscode.commands.executeCommand = (command, ...rest: unknown[]) => {
      if (command === 'setContext') {
        keys.set(String(rest[0]), rest[1]);
        look();
      }
      return executeCommand(command, ...rest);
    };
    await executeCommand('lockStatus.signOut', root);
  });

  after(() => {
    vscode.commands.executeCommand = executeCommand;
  });

  /** Resolves once the key has the value. */
  const until = (key: string, isIt: (value: unknown) => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => isIt(keys.get(`lockStatus.${key}`)) && resolve();
      look();
    });

  it('say whether a server is connected', async () => {
    await connect({ url: server.url, ...server.user('alice') });
    await until('connected', (value) => value === true);
    await executeCommand('lockStatus.signOut', root);
    // Other tests may have left a connection.
    const { length } = vscode.workspace.getConfiguration('lockStatus').get<unknown[]>('connections') ?? [];
    await until('connected', (value) => value === length > 0);
  });

  it('say how the lock of the active file stands, and which files we hold', async () => {
    await connect({ url: server.url, ...server.user('alice') });
    const uri = vscode.Uri.joinPath(root, 'keys.md');
    writeFileSync(join(server.dataDir, 'keys.md'), 'Text.\n');
    const bob = new Colleague(server.url, server.user('bob'));
    await bob.lock('keys.md');
    await vscode.window.showTextDocument(uri);
    await until('state', (value) => value === 'other');
    await bob.unlock('keys.md');
    await executeCommand('lockStatus.refresh', uri);
    await until('state', (value) => value === 'free');
    await executeCommand('lockStatus.lock', uri);
    await until('state', (value) => value === 'mine');
    await until('held', (value) => Array.isArray(value) && value.includes(uri.toString()));
    await executeCommand('lockStatus.release', uri);
    await until('held', (value) => Array.isArray(value) && !value.includes(uri.toString()));
    await executeCommand('workbench.action.closeAllEditors');
    await until('state', (value) => value === undefined);
  });
});
