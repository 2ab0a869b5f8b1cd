// What other extensions are told, on a real server and of every kind of address.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ownerText } from '../../src/core/model/ownerText';
import type { LockStatus, LockStatusApi } from '../../lock-status';
import { connect } from './extensionApi';
import { activate } from '../support/example/extension';
import { Colleague, type LockWish } from '../support/colleague';
import { FaultProxy } from '../support/faultProxy';
import { skipBecause } from '../support/rings/skip';
import { suiteServer, type SuiteServer } from '../support/rings/suiteServers';
import { until } from './until';

const { executeCommand } = vscode.commands;

describe('The interface for other extensions', () => {
  let server: SuiteServer;
  let proxy: FaultProxy;
  let api: LockStatusApi;
  let bob: Colleague;
  let serial = 0;

  before(async function () {
    const found = suiteServer('nephele');
    if ('why' in found) return skipBecause(this, found.why);
    server = found;
    const extension = vscode.extensions.getExtension<LockStatusApi>('lock-status.lock-status');
    assert.ok(extension);
    api = await extension.activate();
    bob = new Colleague(server.url, server.user('bob'));
    proxy = new FaultProxy(() => server.url);
    await proxy.start();
    await connect({ url: proxy.url, ...server.user('alice') });
    // From then on a file without a lock is known to be free.
    await bob.lock(fresh().name);
    await api.getLockStatus(uriOf(`api-${serial}.md`));
  });

  after(async () => {
    if (!proxy) return;
    await executeCommand('lockStatus.signOut', uriOf(''));
    await proxy.stop();
  });

  const uriOf = (path: string, authority = `127.0.0.1:${proxy.port}`) =>
    vscode.Uri.from({ scheme: 'dav', authority, path: `/${path}` });

  /** A file of its own for each test. */
  function fresh(): { readonly name: string; readonly uri: vscode.Uri } {
    const name = `api-${(serial += 1)}.md`;
    writeFileSync(join(server.dataDir, name), 'Text.\n');
    return { name, uri: uriOf(name) };
  }

  const now = (uri: vscode.Uri) => api.getLockStatus(uri, { maxAgeMs: 0 });

  /** Counts how often news is told of the file. */
  function newsOf(uri: vscode.Uri): { count: number; stop(): void } {
    const subscription = api.onDidChangeLockStatus((uris) => {
      if (uris.some((one) => one.toString() === uri.toString())) news.count += 1;
    });
    const news = { count: 0, stop: () => void subscription.dispose() };
    return news;
  }

  it('tells the lock of another with what the server says of it', async () => {
    const { name, uri } = fresh();
    await bob.lock(name, { owner: ownerText({ name: 'Bob Roe', contacts: ['mailto:bob@example.org'] }) });
    const { state, locks, reason } = await now(uri);
    assert.deepEqual([state, reason, locks.length], ['other', undefined, 1]);
    const [lock] = locks;
    assert.deepEqual(
      [lock?.holder, lock?.contact?.toString(true), lock?.scope, lock?.depth],
      ['Bob Roe', 'mailto:bob@example.org', 'exclusive', 'file'],
    );
    assert.deepEqual([lock?.verified, lock?.provider], [false, 'webdav']);
    assert.ok(lock?.until instanceof Date && lock.until.getTime() > Date.now());
  });

  const words: readonly (readonly [LockStatus['state'], LockWish | 'ours' | 'nothing'])[] = [
    ['free', 'nothing'],
    ['shared', { scope: 'shared' }],
    ['mine', 'ours'],
    // Anybody may write the name of our account.
    ['other', { owner: ownerText({ name: 'Alice', contacts: [], account: 'alice' }) }],
  ];
  for (const [word, lockRequest] of words) {
    it(`tells ${word}`, async () => {
      const { name, uri } = fresh();
      if (lockRequest === 'ours') await executeCommand('lockStatus.lock', uri);
      else if (lockRequest !== 'nothing') await bob.lock(name, lockRequest);
      assert.equal((await now(uri)).state, word);
      if (lockRequest === 'ours') await executeCommand('lockStatus.release', uri);
    });
  }

  it("tells a folder's lock with its root", async () => {
    await bob.mkcol('api-folder/');
    await bob.lock('api-folder/', { depth: 'infinity' });
    writeFileSync(join(server.dataDir, 'api-folder', 'a.md'), '');
    const { state, locks } = await now(uriOf('api-folder/a.md'));
    assert.deepEqual([state, locks[0]?.depth], ['other', 'tree']);
    assert.equal(locks[0]?.root?.toString(), uriOf('api-folder').toString());
  });

  it('is all that another extension needs, with its typings', async () => {
    const subscriptions: vscode.Disposable[] = [];
    const { warningsFor, news } = await activate({ subscriptions });
    const [file, free] = [fresh(), fresh()];
    await bob.lock(file.name, { owner: 'Bob Roe' });
    assert.deepEqual(await warningsFor([file.uri, free.uri]), [
      `/${file.name} is locked by Bob Roe (unverified).`,
    ]);
    assert.ok(news.some((uri) => uri.toString() === file.uri.toString()));
    for (const subscription of subscriptions) subscription.dispose();
  });

  it('never rejects: what cannot be told is unknown, with a sentence', async () => {
    const uris = [
      vscode.Uri.file('/a'),
      vscode.Uri.parse('untitled:a'),
      vscode.Uri.from({ scheme: 'dav', path: '/x' }),
      vscode.Uri.from({ scheme: 'dav', authority: 'h:99999', path: '/x' }),
      vscode.Uri.from({ scheme: 'davs', authority: '[bad', path: '/x' }),
      vscode.Uri.from({ scheme: 'davs', authority: 'h', path: '/\ud800' }),
      uriOf('nowhere.md'),
      uriOf('x', '127.0.0.1:1'),
      undefined as unknown as vscode.Uri,
    ];
    for (const [index, uri] of uris.entries()) {
      const { state, reason, locks } = await api.getLockStatus(uri);
      assert.deepEqual([state, locks], ['unknown', []], `number ${index}`);
      assert.match(reason ?? '', /^[A-Z].*\.$/, `number ${index}`);
    }
  });

  it('asks again only what is older than the caller takes', async () => {
    const { uri } = fresh();
    await now(uri);
    const before = proxy.exchanges.length;
    for (const options of [{ maxAgeMs: 60_000 }, {}, undefined]) await api.getLockStatus(uri, options);
    assert.equal(proxy.exchanges.length, before);
    await now(uri);
    assert.equal(proxy.exchanges.length, before + 1);
  });

  it('fires for what would be answered differently, and for nothing else', async () => {
    const [file, still] = [fresh(), fresh()];
    for (const { uri } of [file, still]) await now(uri);
    const news = newsOf(file.uri);
    const silence = newsOf(still.uri);
    for (let times = 0; times < 3; times++) for (const { uri } of [file, still]) await now(uri);
    assert.equal(news.count, 0);
    await bob.lock(file.name);
    for (let times = 0; times < 3; times++) for (const { uri } of [file, still]) await now(uri);
    assert.equal(news.count, 1);
    await bob.unlock(file.name);
    await now(file.uri);
    assert.deepEqual([news.count, silence.count], [2, 0]);
    news.stop();
    silence.stop();
  });

  it('lists a refused save until it is given up, and whether it waits', async () => {
    const { name, uri } = fresh();
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    await bob.lock(name);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), 'More. ');
    await vscode.workspace.applyEdit(edit);
    const start = Date.now();
    assert.equal(await document.save(), false);
    const listed = () => api.blockedSaves().filter((save) => save.uri.toString() === uri.toString());
    assert.deepEqual(
      listed().map(({ waiting }) => waiting),
      [false],
    );
    const since = listed()[0]?.since.getTime() ?? 0;
    assert.ok(since >= start && since <= Date.now());
    await executeCommand('lockStatus.wait', uri);
    assert.deepEqual(
      listed().map(({ waiting }) => waiting),
      [true],
    );
    await executeCommand('workbench.action.files.revert');
    await until(() => listed().length === 0);
    await executeCommand('workbench.action.closeActiveEditor');
  });

  it('names files as the editor does where a server is open under another spelling', async () => {
    const { name } = fresh();
    // An address of the same server, which a URL writes as 127.0.0.1.
    const spelled = new FaultProxy(() => server.url);
    await spelled.start();
    try {
      await connect({ url: spelled.url, ...server.user('alice') });
      const uri = uriOf(name, `127.1:${spelled.port}`);
      await vscode.workspace.openTextDocument(uri);
      const news = newsOf(uri);
      await bob.lock(name);
      assert.equal((await now(uri)).state, 'other');
      assert.equal(news.count, 1);
      news.stop();
      await executeCommand('lockStatus.signOut', uri);
    } finally {
      await spelled.stop();
    }
  });
});
