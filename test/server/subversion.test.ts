// A repository behind WebDAV, with locks that are bound to their users: seen, taken, saved under, waited for and broken.
import assert from 'node:assert/strict';
import { isFailure } from '../../src/core/model/failure';
import { lockView } from '../../src/core/model/lockView';
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { skipWithout } from '../support/rings/skipWithout';
import { accounts, type LockServer } from '../support/servers/server';
import { startServer } from '../support/servers/start';
import { Session } from './webdavSession';

describe('A repository behind WebDAV', function () {
  this.timeout(60_000);
  let server: LockServer;
  let alice: OnServer;
  let bob: Colleague;
  let serial = 0;

  before(async function () {
    skipWithout(this, 'subversion');
    server = await startServer('subversion');
    server.seed({ 'broken.txt': 'old' });
    bob = new Colleague(server.url, accounts.bob);
    await bob.mkcol('folder');
    await bob.put('folder/seen.txt', 'old');
  });
  beforeEach(() => void (alice = new OnServer(server.url, accounts.alice)));
  afterEach(() => alice.close());
  after(() => server?.stop());

  async function opened(): Promise<string> {
    const path = `file${(serial += 1)}.txt`;
    server.seed({ [path]: 'old' });
    await alice.server.files.probe(alice.at(''));
    await alice.open(path);
    return path;
  }

  const stateOf = (path: string) => lockView(alice.store.stateOf(alice.at(path))).state;

  it('lists the lock of another on the file and in its folder', async () => {
    const token = await bob.lock('folder/seen.txt');
    await alice.directory.stat(alice.at('folder/seen.txt'), 0);
    assert.equal(stateOf('folder/seen.txt'), 'other');
    await alice.directory.list(alice.at('folder'), 0);
    assert.equal(stateOf('folder/seen.txt'), 'other');
    await bob.unlock('folder/seen.txt', token);
    await alice.directory.stat(alice.at('folder/seen.txt'), 0);
    assert.equal(stateOf('folder/seen.txt'), 'free');
  });

  it('is locked, saved to and released', async () => {
    const path = await opened();
    await alice.leases.take(alice.at(path), 'hand');
    assert.equal((await bob.send('PUT', path, { body: 'by bob' })).status, 423);
    await alice.directory.stat(alice.at(path), 0);
    assert.equal(stateOf(path), 'mine');
    await alice.save(path, 'first');
    await alice.save(path, 'second');
    assert.equal(await bob.get(path), 'second');
    await alice.leases.release(alice.at(path));
    await bob.put(path, 'by bob');
  });

  it('refuses what would replace a version that nobody has seen', async () => {
    const path = await opened();
    await bob.put(path, 'by bob');
    await assert.rejects(alice.save(path, 'mine'), (error) => isFailure(error, 'contentChanged'));
    assert.equal(await bob.get(path), 'by bob');
  });

  it('refuses what another has locked, and keeps the text', async () => {
    const path = await opened();
    const token = await bob.lock(path);
    await assert.rejects(alice.save(path, 'mine'), (error) => isFailure(error, 'locked'));
    assert.equal(new TextDecoder().decode(alice.blockedSaves.of(alice.at(path))?.bytes), 'mine');
    await bob.unlock(path, token);
    await alice.save(path, 'mine');
    assert.equal(await bob.get(path), 'mine');
  });

  it('ends the lock of another as Subversion breaks locks, but none that was taken later', async () => {
    const session = new Session(server.url, accounts.alice);
    try {
      const token = await bob.lock('broken.txt');
      const [lock] = await session.locks('broken.txt');
      assert.ok(lock?.id);
      const breaking = { resource: session.at('broken.txt'), id: lock.id, depth: 'self' as const };
      await bob.unlock('broken.txt', token);
      await bob.lock('broken.txt');
      assert.deepEqual(await session.dav.locks.breakLock(breaking), { wasHeld: false });
      const [later] = await session.locks('broken.txt');
      assert.ok(later?.id);
      assert.deepEqual(await session.dav.locks.breakLock({ ...breaking, id: later.id }), { wasHeld: true });
      assert.deepEqual(await session.locks('broken.txt'), []);
    } finally {
      await session.close();
    }
  });

  it('makes no file by a lock on one that is not there', async () => {
    await assert.rejects(alice.leases.take(alice.at('never.txt'), 'hand'), (error) =>
      isFailure(error, 'notFound'),
    );
    assert.equal((await bob.send('GET', 'never.txt')).status, 404);
  });
});
