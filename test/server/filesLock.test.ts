// Locks whose holder the server names in properties of its own, with accounts that may end each other's locks.
import assert from 'node:assert/strict';
import { isFailure } from '../../src/core/model/failure';
import { resourceId } from '../../src/core/model/resource';
import { loginFlows } from '../../src/protocol/signIn/loginFlow';
import { createTransport } from '../../src/protocol/transport/transport';
import type { Lock } from '../../src/core/model/lock';
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { appPassword, type FilesLockServer, startFilesLock } from '../support/servers/filesLock';
import { startPlainServer } from '../support/servers/plain';
import { accounts } from '../support/servers/server';

describe('Locks with a holder in properties of the server', function () {
  this.timeout(20_000);
  let server: FilesLockServer;
  let alice: OnServer;

  beforeEach(async () => {
    server = await startFilesLock({ 'hers.txt': 'alice', 'his.txt': 'bob' });
    alice = new OnServer(server.files, accounts.alice);
  });
  afterEach(async () => {
    await alice.close();
    await server.stop();
  });

  async function seen(path: string): Promise<Lock | undefined> {
    await alice.directory.stat(alice.at(path), 0);
    return alice.store.viewOf(alice.at(path)).lock;
  }

  const breaking = async (path: string) => {
    const id = (await seen(path))?.id;
    assert.ok(id);
    return alice.server.locks.breakLock({ resource: alice.at(path), id, depth: 'self' });
  };

  it('are read at the first look, one file or a folder', async () => {
    server.lock('his.txt', 'bob');
    const lock = await seen('his.txt');
    assert.deepEqual(
      [lock?.holder.name, lock?.holder.assertedBy, lock?.byHand, lock?.expiry.kind],
      ['Bob Roe', 'server', true, 'never'],
    );
    assert.ok(lock?.since);
    const other = new OnServer(server.files, accounts.alice);
    try {
      await other.directory.list(other.at(''), 0);
      assert.equal(other.store.viewOf(other.at('his.txt')).lock?.holder.name, 'Bob Roe');
    } finally {
      await other.close();
    }
  });

  it('tell an app from a person', async () => {
    server.lock('his.txt', 'richdocuments', 1);
    const lock = await seen('his.txt');
    assert.deepEqual([lock?.holder.name, lock?.holder.app, lock?.byHand], [undefined, 'Office', undefined]);
  });

  it('are taken and saved under although the lock changes the entity tag; the server names the holder', async () => {
    await alice.open('hers.txt');
    await alice.leases.take(alice.at('hers.txt'), 'edit');
    assert.equal(server.lockOn('hers.txt')?.account, 'alice');
    await alice.save('hers.txt', 'first');
    await alice.save('hers.txt', 'second');
    assert.equal(server.textOf('hers.txt'), 'second');
    const bob = new OnServer(server.files, accounts.bob);
    try {
      await bob.directory.stat(bob.at('hers.txt'), 0);
      const { holder } = bob.store.viewOf(bob.at('hers.txt')).lock ?? {};
      assert.deepEqual([holder?.name, holder?.assertedBy], ['Alice Doe', 'server']);
    } finally {
      await bob.close();
    }
    await alice.leases.release(alice.at('hers.txt'));
    assert.equal(server.lockOn('hers.txt'), undefined);
    await alice.save('hers.txt', 'third');
    assert.equal(server.textOf('hers.txt'), 'third');
  });

  it('do not hide a change by another under the new entity tag', async () => {
    await alice.open('hers.txt');
    server.write('hers.txt', 'by bob');
    await alice.leases.take(alice.at('hers.txt'), 'edit');
    await assert.rejects(alice.save('hers.txt', 'mine'), (error) => isFailure(error, 'contentChanged'));
    assert.equal(server.textOf('hers.txt'), 'by bob');
  });

  it('of the same account, taken in the browser, are hers elsewhere and end by her account', async () => {
    server.lock('his.txt', 'alice');
    await seen('his.txt');
    assert.equal(alice.store.viewOf(alice.at('his.txt')).state, 'mineElsewhere');
    assert.deepEqual(await breaking('his.txt'), { wasHeld: true });
    assert.equal(server.lockOn('his.txt'), undefined);
  });

  it('of another are ended by the owner of the file', async () => {
    server.lock('hers.txt', 'bob');
    assert.deepEqual(await breaking('hers.txt'), { wasHeld: true });
    assert.equal(server.lockOn('hers.txt'), undefined);
    await new Colleague(server.files, accounts.bob).lock('hers.txt');
    assert.deepEqual(await breaking('hers.txt'), { wasHeld: true });
  });

  it('of another are kept where the account may not end them, and that is said', async () => {
    server.lock('his.txt', 'bob');
    await assert.rejects(breaking('his.txt'), (error) => isFailure(error, 'forbidden'));
    assert.equal(server.lockOn('his.txt')?.account, 'bob');
  });

  it('refuse a save, keep its text, and let it through when they end', async () => {
    await alice.open('his.txt');
    server.lock('his.txt', 'bob');
    await assert.rejects(alice.save('his.txt', 'mine'), (error) => isFailure(error, 'locked'));
    assert.equal(alice.store.viewOf(alice.at('his.txt')).lock?.holder.name, 'Bob Roe');
    server.unlock('his.txt');
    await alice.save('his.txt', 'mine');
    assert.equal(server.textOf('his.txt'), 'mine');
  });
});

describe('Signing in with the browser', () => {
  const signIns = loginFlows((origin) =>
    createTransport({
      origin,
      credentials: () => Promise.resolve(undefined),
      userAgent: 'LockStatus/test',
      now: () => performance.now(),
    }),
  );

  it('gives an app password once the person has granted it', async () => {
    const server = await startFilesLock({ 'a.txt': 'alice' });
    try {
      const begun = await signIns.start(resourceId(server.files));
      assert.match(begun.url, /\/cloud\/login\/v2\/flow\//);
      assert.equal(await begun.poll(), undefined);
      server.grant();
      const granted = await begun.poll();
      assert.deepEqual([granted?.user, granted?.password.reveal()], ['alice', appPassword]);
      await begun.close();
      const alice = new OnServer(server.files, { user: 'alice', password: appPassword });
      await alice.directory.list(alice.at(''), 0);
      await alice.close();
      assert.ok(
        server.requests.every(({ path, headers }) => path.includes('remote.php') || !headers.authorization),
      );
    } finally {
      await server.stop();
    }
  });

  it('is offered only where the address has the entry point of such servers, and nobody can listen', () => {
    const offers = (url: string) => signIns.mayOffer(resourceId(url));
    assert.equal(offers('https://cloud.example.org/remote.php/dav/files/ann'), true);
    assert.equal(offers('https://example.org/cloud/remote.php/webdav'), true);
    assert.equal(offers('http://cloud.example.org/remote.php/webdav'), false);
    assert.equal(offers('https://dav.example.org/files'), false);
  });

  it('never leads to another server, nor is its token sent to one', async () => {
    const json = { 'Content-Type': 'application/json' };
    const server = await startPlainServer((_, reply) => reply.send(404));
    const begin = async (answer: unknown) => {
      server.answerWith((_, reply) => reply.send(200, json, JSON.stringify(answer)));
      await signIns.start(resourceId(`${server.url}remote.php/webdav`));
    };
    const own = `${server.url}login/v2/poll`;
    const other = 'https://evil.example/login';
    const isUnreadable = (error: unknown) => isFailure(error, 'badAnswer');
    try {
      await assert.rejects(begin({ poll: { token: 't', endpoint: own }, login: other }), isUnreadable);
      await assert.rejects(begin({ poll: { token: 't', endpoint: other }, login: own }), isUnreadable);
      await assert.rejects(begin({ poll: { endpoint: own }, login: own }), isUnreadable);
      await assert.rejects(begin([]), isUnreadable);
      server.answerWith((_, reply) => reply.send(404));
      await assert.rejects(signIns.start(resourceId(`${server.url}remote.php/webdav`)), (error) =>
        isFailure(error, 'unsupported'),
      );
    } finally {
      await server.stop();
    }
  });
});
