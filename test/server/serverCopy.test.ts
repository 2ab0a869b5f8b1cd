// Copies and moves between two servers: what arrives, what stays, and that nothing is written over.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverOf, type ResourceId } from '../../src/core/model/resource';
import { CopyStopped, OriginalKept, ServerCopy } from '../../src/core/saving/serverCopy';
import type { RemoveCondition } from '../../src/core/saving/relocation';
import { Directory } from '../../src/core/polling/directory';
import { Colleague } from '../support/colleague';
import { clock, OnServer } from '../support/core/onServer';
import { skipWithout } from '../support/rings/skipWithout';
import type { LockServer } from '../support/servers/server';
import { startServer } from '../support/servers/start';

describe('Between two servers', function () {
  this.timeout(60_000);
  let source: LockServer;
  let target: LockServer;
  let here: OnServer;
  let there: OnServer;

  before(async function () {
    skipWithout(this, 'apache');
    skipWithout(this, 'nginx');
    [source, target] = await Promise.all([startServer('apache'), startServer('nginx')]);
    here = new OnServer(source.url, source.user('alice'));
    there = new OnServer(target.url, target.user('alice'));
  });
  after(async () => {
    await Promise.all([here?.close(), there?.close()]);
    await Promise.all([source?.stop(), target?.stop()]);
  });

  const arrived = (path: string) => readFileSync(join(target.dataDir, path), 'utf8');
  const stays = (path: string) => existsSync(join(source.dataDir, path));

  function given(leavesOut: (resource: ResourceId) => boolean = () => false) {
    const filesOf = (id: ResourceId) => (serverOf(id) === serverOf(here.at('')) ? here : there).server.files;
    const directory = new Directory(filesOf, here.store, clock);
    const relocation = {
      guardFor: () => ({ leases: [] }),
      remove: (id: ResourceId, condition?: RemoveCondition) => here.core.relocation.remove(id, condition),
    };
    const copy = new ServerCopy({ filesOf, directory, relocation, leavesOut });
    const cancel = new AbortController();
    const progress: string[] = [];
    const options = (name: string, to = name) => ({
      from: here.at(name),
      to: there.at(to),
      signal: cancel.signal,
      onProgress: ({ copied, files }: { copied: number; files: number }) =>
        void progress.push(`${copied}/${files}`),
    });
    return { copy, options, cancel, progress };
  }

  it('a folder arrives with all that is in it, and the original stays', async () => {
    source.seed({ 'tree/a b.txt': 'a', 'tree/below/deep/c.txt': 'c', 'tree/below/d.txt': 'd' });
    const { copy, options, progress } = given();
    await copy.copy(options('tree'));
    assert.deepEqual(
      ['a b.txt', 'below/deep/c.txt', 'below/d.txt'].map((name) => arrived(`tree/${name}`)),
      ['a', 'c', 'd'],
    );
    assert.deepEqual(progress, ['1/3', '2/3', '3/3']);
    assert.ok(stays('tree/below/d.txt'));
  });

  it('nothing is written over', async () => {
    source.seed({ 'taken.txt': 'mine' });
    target.seed({ 'taken.txt': 'theirs' });
    const { copy, options } = given();
    await assert.rejects(copy.copy(options('taken.txt')), CopyStopped);
    assert.equal(arrived('taken.txt'), 'theirs');
  });

  it('a move leaves nothing behind', async () => {
    source.seed({ 'move/one.txt': '1', 'move/two.txt': '2' });
    const { copy, options } = given();
    await copy.move(options('move', 'moved'));
    assert.deepEqual([arrived('moved/one.txt'), arrived('moved/two.txt'), stays('move')], ['1', '2', false]);
  });

  it('an original that changes meanwhile is not deleted', async () => {
    source.seed({ 'changing/one.txt': '1' });
    const { copy, options } = given();
    const onProgress = () => writeFileSync(join(source.dataDir, 'changing/one.txt'), 'changed meanwhile');
    await assert.rejects(copy.move({ ...options('changing'), onProgress }), OriginalKept);
    assert.equal(readFileSync(join(source.dataDir, 'changing/one.txt'), 'utf8'), 'changed meanwhile');
  });

  it('an original of which something was left out is not deleted', async () => {
    source.seed({ 'partly/.vscode/tasks.json': '{}', 'partly/one.txt': '1' });
    const { copy, options } = given((id) => id.includes('.vscode'));
    await assert.rejects(copy.move(options('partly')), OriginalKept);
    assert.ok(stays('partly/.vscode/tasks.json') && stays('partly/one.txt'));
    assert.ok(!existsSync(join(target.dataDir, 'partly/.vscode')));
  });

  it('a file that a colleague has locked is copied and not deleted', async () => {
    source.seed({ 'held/one.txt': '1' });
    const bob = new Colleague(source.url, source.user('bob'));
    await bob.lock('held/one.txt');
    const { copy, options } = given();
    await assert.rejects(copy.move(options('held')), { name: 'TreeLocked' });
    assert.equal(arrived('held/one.txt'), '1');
    assert.ok(stays('held/one.txt'));
  });

  it('a copy that is stopped says how much has arrived', async () => {
    source.seed(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`many/${at}.txt`, `${at}`])));
    const { copy, options, cancel } = given();
    const onProgress = () => cancel.abort();
    await assert.rejects(copy.copy({ ...options('many'), onProgress }), (error: unknown) => {
      assert.ok(error instanceof CopyStopped);
      assert.equal(error.cause, undefined);
      assert.ok(error.progress.copied < 10, `${error.progress.copied}`);
      return true;
    });
  });
});
