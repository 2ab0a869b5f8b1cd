// The file system as VS Code and other extensions use it, on every server.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connect } from './extensionApi';
import { skipBecause } from '../support/rings/skip';
import { suiteServer, type SuiteServer } from '../support/rings/suiteServers';
import { serverKinds } from '../support/servers/server';

const { fs } = vscode.workspace;
const text = async (uri: vscode.Uri) => new TextDecoder().decode(await fs.readFile(uri));
const bytes = (content: string) => new TextEncoder().encode(content);
const oddNames = ['a b&c#d%e f.txt', 'é ü 名.txt', '[id].ts', "it's (1)+;=,@$.txt"];

async function rejects(run: Thenable<unknown>, code: string): Promise<void> {
  await assert.rejects(
    async () => run,
    (error: unknown) => {
      assert.ok(error instanceof vscode.FileSystemError, String(error));
      assert.equal(error.code, code, error.message);
      return true;
    },
  );
}

for (const kind of serverKinds) {
  describe(`Files on ${kind}`, () => {
    let server: SuiteServer;
    let root: vscode.Uri;
    const at = (...names: string[]) => vscode.Uri.joinPath(root, ...names);
    const names = async (uri: vscode.Uri) => (await fs.readDirectory(uri)).map(([name]) => name).sort();

    before(async function () {
      const found = suiteServer(kind);
      if ('why' in found) return skipBecause(this, found.why);
      server = found;
      await connect({
        url: server.url,
        ...server.user('alice'),
      });
      root = vscode.Uri.parse(server.url.replace(/^http/, 'dav')).with({ path: '/files' });
      await fs.createDirectory(root);
    });

    it('makes, writes, reads and lists', async () => {
      await fs.writeFile(at('one.txt'), bytes('one'));
      assert.equal(await text(at('one.txt')), 'one');
      await fs.createDirectory(at('folder'));
      const entries = await fs.readDirectory(root);
      assert.deepEqual(entries.sort(), [
        ['folder', vscode.FileType.Directory],
        ['one.txt', vscode.FileType.File],
      ]);
    });

    it('keeps time and size of a file that nobody changes', async () => {
      await fs.writeFile(at('still.txt'), bytes('first'));
      await fs.writeFile(at('still.txt'), bytes('second!'));
      const first = await fs.stat(at('still.txt'));
      await vscode.commands.executeCommand('lockStatus.refresh', at('still.txt'));
      const later = await fs.stat(at('still.txt'));
      assert.deepEqual([later.mtime, later.size], [first.mtime, 7]);
    });

    it('knows odd names', async () => {
      await fs.createDirectory(at('odd'));
      for (const name of oddNames) await fs.writeFile(at('odd', name), bytes(name));
      assert.deepEqual(await names(at('odd')), [...oddNames].sort());
      for (const name of oddNames) assert.equal(await text(at('odd', name)), name);
    });

    it('copies and renames, and overwrites only when asked', async () => {
      await fs.writeFile(at('from.txt'), bytes('from'));
      await fs.writeFile(at('taken.txt'), bytes('taken'));
      await fs.copy(at('from.txt'), at('copy.txt'));
      assert.equal(await text(at('copy.txt')), 'from');
      await rejects(fs.copy(at('from.txt'), at('taken.txt'), { overwrite: false }), 'FileExists');
      await rejects(fs.rename(at('from.txt'), at('taken.txt'), { overwrite: false }), 'FileExists');
      assert.equal(await text(at('taken.txt')), 'taken');
      await fs.rename(at('from.txt'), at('taken.txt'), { overwrite: true });
      assert.equal(await text(at('taken.txt')), 'from');
      await rejects(fs.stat(at('from.txt')), 'FileNotFound');
    });

    it('renames and deletes a folder with all that is in it', async () => {
      await fs.createDirectory(at('tree'));
      await fs.createDirectory(at('tree', 'below'));
      await fs.writeFile(at('tree', 'below', 'leaf.txt'), bytes('leaf'));
      await fs.rename(at('tree'), at('moved'));
      assert.equal(await text(at('moved', 'below', 'leaf.txt')), 'leaf');
      await rejects(fs.delete(at('moved'), { recursive: false }), 'NoPermissions');
      await fs.delete(at('moved'), { recursive: true });
      await rejects(fs.stat(at('moved')), 'FileNotFound');
    });

    it('moves and deletes a file that is locked for us', async () => {
      await fs.writeFile(at('locked.txt'), bytes('locked'));
      await vscode.commands.executeCommand('lockStatus.lock', at('locked.txt'));
      await fs.writeFile(at('locked.txt'), bytes('again'));
      await fs.rename(at('locked.txt'), at('moved.txt'));
      assert.equal(await text(at('moved.txt')), 'again');
      await fs.delete(at('moved.txt'));
      await rejects(fs.readFile(at('moved.txt')), 'FileNotFound');
    });

    it('says of what is not there that it is not there', async () => {
      await rejects(fs.readFile(at('nowhere.txt')), 'FileNotFound');
      await rejects(fs.readDirectory(at('nowhere')), 'FileNotFound');
      await rejects(fs.delete(at('nowhere.txt')), 'FileNotFound');
    });
  });
}

describe('An address that can be no file', () => {
  it('is refused with a sentence that names it', async () => {
    const uri = vscode.Uri.from({ scheme: 'dav', authority: 'h:99999', path: '/a b' });
    await assert.rejects(
      async () => fs.stat(uri),
      /"dav:\/\/h:99999\/a b" isn’t the address of a remote file/,
    );
    await assert.rejects(async () => fs.readFile(uri), /isn’t the address of a remote file/);
    await assert.rejects(async () => fs.writeFile(uri, bytes('')), /isn’t the address of a remote file/);
  });
});
