// Copies and moves between two servers, and to and from the disk, as the explorer asks for them.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { connect } from './extensionApi';
import { skipBecause } from '../support/rings/skip';
import { suiteServer, type SuiteServer } from '../support/rings/suiteServers';

const { fs } = vscode.workspace;

describe('Between two servers and the disk', () => {
  let from: SuiteServer;
  let to: SuiteServer;
  let disk: string;
  const at = ({ url }: SuiteServer, path: string) =>
    vscode.Uri.parse(`${url.replace(/^http/, 'dav')}${path}`);
  const write = (folder: string, path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const read = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');

  before(async function () {
    const [one, other] = [suiteServer('apache'), suiteServer('nephele')];
    if ('why' in one) return skipBecause(this, one.why);
    if ('why' in other) return skipBecause(this, other.why);
    [from, to] = [one, other];
    disk = mkdtempSync(join(tmpdir(), 'copied-'));
    write(from.dataDir, 'across/a.txt', 'a');
    write(from.dataDir, 'across/below/b.txt', 'b');
    for (const server of [from, to]) await connect({ url: server.url, ...server.user('alice'), trust: true });
  });
  after(() => disk && rmSync(disk, { recursive: true }));

  it('a folder is copied', async () => {
    await fs.copy(at(from, 'across'), at(to, 'across'));
    assert.deepEqual([read(to.dataDir, 'across/a.txt'), read(to.dataDir, 'across/below/b.txt')], ['a', 'b']);
    assert.equal(read(from.dataDir, 'across/a.txt'), 'a');
  });

  it('what is there already stays', async () => {
    write(to.dataDir, 'taken.txt', 'theirs');
    await assert.rejects(async () => fs.copy(at(from, 'across/a.txt'), at(to, 'taken.txt')), {
      code: 'FileExists',
    });
    assert.equal(read(to.dataDir, 'taken.txt'), 'theirs');
  });

  it('a file is moved', async () => {
    write(from.dataDir, 'moving.txt', 'moving');
    await fs.rename(at(from, 'moving.txt'), at(to, 'moved.txt'));
    assert.equal(read(to.dataDir, 'moved.txt'), 'moving');
    assert.equal(existsSync(join(from.dataDir, 'moving.txt')), false);
  });

  it('a folder gets to the disk and back', async () => {
    await fs.copy(at(from, 'across'), vscode.Uri.file(join(disk, 'across')));
    assert.equal(read(disk, 'across/below/b.txt'), 'b');
    await fs.copy(vscode.Uri.file(join(disk, 'across')), at(to, 'back'));
    assert.equal(read(to.dataDir, 'back/below/b.txt'), 'b');
  });
});
