// Subversion's own client holds, steals and breaks locks in the repository that Alice has open over WebDAV.
import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { contactOptions } from '../../src/core/model/contact';
import { isFailure } from '../../src/core/model/failure';
import type { Lock } from '../../src/core/model/lock';
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { skipWithout } from '../support/rings/skipWithout';
import { accounts, type LockServer } from '../support/servers/server';
import { startServer } from '../support/servers/start';
import { SvnClient } from '../support/svnClient';
import { Person } from './person';

describe('Somebody with a Subversion working copy', function () {
  this.timeout(60_000);
  let server: LockServer;
  let bob: SvnClient;
  let alice: OnServer;
  let aliceAtHerDesk: SvnClient;
  let serial = 0;

  before(async function () {
    skipWithout(this, 'subversion');
    server = await startServer('subversion');
    const colleague = new Colleague(server.url, accounts.alice);
    for (const folder of ['one', 'two', 'three']) {
      await colleague.mkcol(folder);
      await colleague.put(`${folder}/a.txt`, 'old');
      await colleague.put(`${folder}/b.txt`, 'old');
    }
    bob = new SvnClient(server.url, accounts.bob);
    aliceAtHerDesk = new SvnClient(server.url, accounts.alice);
  });
  beforeEach(() => void (alice = new OnServer(server.url, accounts.alice)));
  afterEach(() => alice.close());
  after(async () => {
    bob?.close();
    aliceAtHerDesk?.close();
    await server?.stop();
  });

  async function opened(): Promise<string> {
    const path = `file${(serial += 1)}.txt`;
    server.seed({ [path]: 'old' });
    await alice.server.files.probe(alice.at(''));
    await alice.open(path);
    return path;
  }

  function lockOn(path: string): Lock | undefined {
    return alice.store.viewOf(alice.at(path)).lock;
  }

  it('is the holder that the server names, with the time; the comment is a note and nobody’s address', async () => {
    const path = await opened();
    const before = Date.now();
    bob.lock(path, 'ask ann@example.org before you change this, or mailto:ann@example.org');
    await alice.directory.stat(alice.at(path), 0);
    const { holder, since, expiry } = lockOn(path) ?? {};
    assert.equal(holder?.name, 'bob');
    assert.equal(holder?.assertedBy, 'server');
    assert.equal(holder?.self, 'other');
    assert.match(holder?.note ?? '', /^ask ann@example\.org before/);
    assert.deepEqual(contactOptions(holder, {}, ''), []);
    assert.deepEqual(
      contactOptions(holder, { bob: 'mailto:bob@example.org' }, '').map(({ contact }) => contact.uri),
      ['mailto:bob@example.org'],
    );
    // The Date header has whole seconds.
    assert.ok(since && since.wall > before - 2_000 && since.wall < Date.now() + 2_000);
    assert.equal(expiry?.kind, 'never');
  });

  it('is named in the explanation', async () => {
    const path = await opened();
    bob.lock(path, 'for the release');
    const person = new Person(server.url, accounts.alice);
    try {
      assert.equal(await person.saves(path), false);
      const { evidence } = await person.why(path);
      assert.ok(evidence.some(({ code, text }) => code === 'holderNamed' && text === 'bob'));
    } finally {
      await person.close();
    }
  });

  it('is named for each of many locks by one report on the repository', async () => {
    bob.lock('one/a.txt', 'first');
    aliceAtHerDesk.lock('one/b.txt', 'second');
    bob.lock('two/a.txt', 'third');
    bob.lock('two/b.txt', 'fourth');
    await alice.server.files.probe(alice.at(''));
    alice.asked();
    await alice.directory.list(alice.at('one'), 0);
    assert.equal(lockOn('one/a.txt')?.holder.name, 'bob');
    assert.equal(lockOn('one/b.txt')?.holder.name, 'alice');
    assert.equal(alice.asked(), 'PROPFIND REPORT');
    await alice.directory.list(alice.at('two'), 0);
    assert.deepEqual(
      ['two/a.txt', 'two/b.txt'].map((path) => lockOn(path)?.holder.name),
      ['bob', 'bob'],
    );
    assert.equal(alice.asked(), 'PROPFIND REPORT');
    // By now the repository is known, and its locks with it.
    bob.lock('three/a.txt', 'fifth');
    aliceAtHerDesk.lock('three/b.txt', 'sixth');
    await alice.directory.list(alice.at('three'), 0);
    await Promise.all(['one', 'two', 'three'].map((folder) => alice.directory.list(alice.at(folder), 0)));
    assert.equal(alice.asked(), 'PROPFIND REPORT PROPFIND PROPFIND PROPFIND');
    assert.equal(lockOn('three/b.txt')?.holder.name, 'alice');
  });

  it('is Alice elsewhere, if the account is hers', async () => {
    const path = await opened();
    aliceAtHerDesk.lock(path, 'at my desk');
    const person = new Person(server.url, accounts.alice);
    try {
      await person.look(path);
      assert.equal(person.store.viewOf(person.at(path)).state, 'mineElsewhere');
    } finally {
      await person.close();
    }
  });

  it('loses a lock that Alice breaks, and she takes it', async () => {
    const path = await opened();
    bob.lock(path, 'forgotten');
    await alice.directory.stat(alice.at(path), 0);
    const id = lockOn(path)?.id;
    assert.ok(id);
    const breaking = { resource: alice.at(path), id, depth: 'self' as const };
    assert.deepEqual(await alice.server.locks.breakLock(breaking), { wasHeld: true });
    await alice.leases.take(alice.at(path), 'hand');
    await alice.save(path, 'by alice');
    assert.throws(() => bob.lock(path, 'again'), /locked by user 'alice'/);
    assert.deepEqual(await alice.server.locks.breakLock(breaking), { wasHeld: false });
  });

  it('steals a lock, which is lost: the save is refused, and nothing is written', async () => {
    const path = await opened();
    await alice.leases.take(alice.at(path), 'hand');
    bob.lock(path, 'I need this', '--force');
    await assert.rejects(alice.save(path, 'by alice'), (error) => isFailure(error, 'locked', 'leaseLost'));
    assert.equal(bob.svn(['cat', server.url + path]), 'old');
    assert.equal(new TextDecoder().decode(alice.blockedSaves.of(alice.at(path))?.bytes), 'by alice');
    assert.equal(lockOn(path)?.holder.name, 'bob');
    bob.unlock(path);
    await alice.save(path, 'by alice');
    assert.equal(bob.svn(['cat', server.url + path]), 'by alice');
  });

  it('cannot lock a file that needs a lock while Alice edits it, and can after that', async () => {
    const path = await opened();
    bob.checkOut();
    bob.svn(['propset', 'svn:needs-lock', 'yes', bob.at(path)]);
    bob.svn(['commit', '-m', 'needs a lock', bob.at(path)]);
    const isWritable = () => {
      try {
        accessSync(bob.at(path), constants.W_OK);
        return true;
      } catch {
        return false;
      }
    };
    await alice.open(path);
    await alice.leases.take(alice.at(path), 'edit');
    assert.throws(() => bob.svn(['lock', bob.at(path)]), /locked by user 'alice'/);
    await alice.save(path, 'by alice');
    await alice.leases.release(alice.at(path));
    bob.svn(['update', bob.at('')]);
    if (process.getuid?.() !== 0) assert.equal(isWritable(), false);
    bob.svn(['lock', bob.at(path)]);
    assert.equal(isWritable(), true);
    assert.match(bob.svn(['propget', 'svn:needs-lock', bob.at(path)]), /yes|\*/);
    await assert.rejects(alice.save(path, 'again'), (error) => isFailure(error, 'locked'));
  });

  it('sees every save as a version, and the server says so', async () => {
    const path = await opened();
    assert.equal((await alice.server.locks.rights(alice.at(path))).publishes, 'save');
    const revision = () =>
      Number(bob.svn(['info', '--show-item', 'last-changed-revision', server.url + path]));
    const before = revision();
    await alice.save(path, 'by alice');
    assert.equal(revision(), before + 1);
  });

  it('cannot lock a folder, nor can Alice, and she is told that it is not supported', async () => {
    await alice.server.files.probe(alice.at(''));
    await assert.rejects(alice.leases.take(alice.at('one'), 'hand'), (error) =>
      isFailure(error, 'unsupported'),
    );
  });
});
