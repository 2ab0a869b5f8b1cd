// Locks on every server that can run here: taken, seen, kept, lost and given back.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Colleague } from '../support/colleague';
import { recognize } from '../support/rings/recognition';
import { skipWithout } from '../support/rings/skipWithout';
import { type LockServer, type ServerKind, serverKinds } from '../support/servers/server';
import { startServer } from '../support/servers/start';
import { failureOf, Session, lockRequest } from './webdavSession';

const odd = 'a b&c#d?e%f é(1)+[x];=@.txt';
/** Those that keep the owner of a lock and tell it to others. */
const keepsOwner: readonly ServerKind[] = ['apache', 'nephele'];

for (const kind of serverKinds) {
  describe(`locks on ${kind}`, function () {
    this.timeout(60_000);
    let server: LockServer;
    let alice: Session;
    let bob: Colleague;
    const content = (path: string) => readFileSync(join(server.dataDir, path), 'utf8');

    before(async function () {
      skipWithout(this, kind);
      server = await startServer(kind);
    });
    beforeEach(() => {
      alice = new Session(server.url, server.user('alice'));
      bob = new Colleague(server.url, server.user('bob'));
    });
    afterEach(() => alice.close());
    after(() => server?.stop());

    it('tells what it is', async () => {
      const { webdav, locks, product } = await alice.dav.files.probe(alice.at(''));
      assert.deepEqual([webdav, locks], [true, true]);
      assert.match(product ?? '', new RegExp(kind, 'i'));
    });

    it('asks for a password', async () => {
      const eve = new Session(server.url, { user: 'alice', password: 'wrong' });
      assert.equal((await failureOf(eve.dav.files.probe(eve.at('')))).kind, 'signInNeeded');
      await eve.close();
    });

    it('goes the whole way, with the oddest of names', async () => {
      server.seed({ [odd]: 'old' });
      const before = await alice.dav.files.stat(alice.at(odd));
      assert.deepEqual(before.listing, { locks: [], reported: true });
      assert.equal(before.version.size, 3);

      const lease = await alice.lock(odd);
      const [lock] = await alice.locks(odd);
      assert.equal(lock?.id, lease.id);
      assert.equal(lock?.root, alice.at(odd));
      assert.equal(lock?.depth, 'self');
      assert.equal(lock?.holder.self, 'thisWindow');
      if (keepsOwner.includes(kind)) {
        assert.equal(lock?.holder.name, 'Alice Doe');
        assert.equal(lock?.holder.host, 'LAPTOP-7');
        assert.deepEqual(lock?.holder.contacts, [{ kind: 'mail', uri: 'mailto:alice@example.org' }]);
      }

      await assert.rejects(bob.put(odd, 'from bob'), /: 423/);
      await alice.write(odd, 'new', { leases: [lease] });
      assert.equal(content(odd), 'new');
      const again = await alice.dav.locks.refresh(lease, 600);
      assert.equal(again.id, lease.id);
      assert.ok(again.since.mono > lease.since.mono && again.expiry.kind === 'at');
      await alice.write(odd, 'newer', { leases: [again] });
      assert.equal(await alice.text(odd), 'newer');

      assert.deepEqual(await alice.dav.locks.release(again), { wasHeld: true });
      assert.deepEqual(await alice.locks(odd), []);
      await bob.put(odd, 'from bob');
    });

    it('needs no more requests than it must, once the server is known', async () => {
      server.seed({ 'cheap.txt': '' });
      await alice.dav.files.probe(alice.at(''));
      // A server that works at two requests at once may show in the second what was before the first.
      alice.pipelines = false;
      alice.asked.length = 0;
      const lease = await alice.lock('cheap.txt');
      await alice.write('cheap.txt', 'x', { leases: [lease] });
      await alice.dav.locks.release(lease);
      alice.pipelines = true;
      const isKnown = recognize && (kind === 'apache' || kind === 'lighttpd');
      // lighttpd creates a file by a LOCK, whatever its condition; a server that nobody knows may do the same.
      const before = recognize && kind === 'apache' ? [] : ['PROPFIND'];
      const after = isKnown ? [] : ['PROPFIND'];
      assert.deepEqual(alice.asked, [...before, 'LOCK', 'PUT', 'UNLOCK', ...after]);
    });

    it('shows another’s lock, and keeps to it', async () => {
      server.seed({ 'hers.txt': 'hers' });
      await bob.lock('hers.txt', { owner: { xml: '<D:href>mailto:bob@example.org</D:href>Bob' } });
      const [lock] = await alice.locks('hers.txt');
      assert.equal(lock?.expiry.kind, 'at');
      if (keepsOwner.includes(kind)) {
        const contacts = [{ kind: 'mail', uri: 'mailto:bob@example.org' }];
        assert.deepEqual(lock?.holder, { name: 'Bob', contacts, assertedBy: 'client', self: 'other' });
      } else assert.equal(lock?.holder.self, 'unknown');

      assert.equal((await failureOf(alice.lock('hers.txt'))).kind, 'locked');
      assert.equal((await failureOf(alice.write('hers.txt', 'mine'))).kind, 'locked');
      const entry = { resource: alice.at('hers.txt'), kind: 'file' as const };
      assert.equal((await failureOf(alice.dav.files.remove(entry, { leases: [] }))).kind, 'locked');
      const to = { resource: alice.at('moved.txt'), overwrite: false };
      assert.equal((await failureOf(alice.dav.files.move(entry, to, { leases: [] }))).kind, 'locked');
      server.seed({ 'other.txt': '' });
      const other = { resource: alice.at('other.txt'), kind: 'file' as const };
      const onto = { resource: alice.at('hers.txt'), overwrite: true };
      assert.equal((await failureOf(alice.dav.files.copy(other, onto, { leases: [] }))).kind, 'locked');
      assert.equal(content('hers.txt'), 'hers');
    });

    it('does not take a lock for ours because of what its owner text says', async () => {
      server.seed({ 'two.txt': '' });
      await alice.dav.locks.lock(alice.at('two.txt'), lockRequest);
      const [lock] = await alice.locks('two.txt');
      assert.equal(lock?.holder.self, keepsOwner.includes(kind) ? 'other' : 'unknown');
    });

    it('makes no file by locking one that is not there', async () => {
      assert.equal((await failureOf(alice.lock('nowhere.txt'))).kind, 'notFound');
      assert.equal(existsSync(join(server.dataDir, 'nowhere.txt')), false);
      assert.equal((await failureOf(alice.dav.files.stat(alice.at('nowhere.txt')))).kind, 'notFound');
    });

    it('loses a lock that the server forgets', async () => {
      server.seed({ 'lost.txt': 'old' });
      await alice.dav.files.probe(alice.at(''));
      const lease = await alice.lock('lost.txt');
      // From here on it is known that this server lists locks, whatever it is.
      assert.equal((await alice.locks('lost.txt')).length, 1);
      await server.restart({ forgetLocks: true });
      assert.equal((await failureOf(alice.dav.locks.refresh(lease, 600))).kind, 'leaseLost');
      assert.deepEqual(await alice.locks('lost.txt'), []);
      const { wasHeld } = await alice.dav.locks.release(lease);
      // nginx says yes to everything.
      if (kind !== 'nginx') assert.equal(wasHeld, false);
    });

    it('loses a lock to somebody else, and leaves that one alone', async () => {
      server.seed({ 'taken.txt': 'old' });
      const lease = await alice.lock('taken.txt');
      await server.restart({ forgetLocks: true });
      const token = await bob.lock('taken.txt');
      assert.equal((await failureOf(alice.dav.locks.refresh(lease, 600))).kind, 'leaseLost');
      const refused = await failureOf(alice.write('taken.txt', 'mine', { leases: [lease] }));
      assert.ok(['locked', 'preconditionFailed'].includes(refused.kind), refused.kind);
      await alice.dav.locks.release(lease);
      assert.deepEqual(await bob.locksOn('taken.txt'), [token]);
      assert.equal(content('taken.txt'), 'old');
    });

    it('breaks another’s lock where the server allows it', async () => {
      server.seed({ 'broken.txt': '' });
      await bob.lock('broken.txt');
      const [lock] = await alice.locks('broken.txt');
      assert.ok(lock);
      const breaking = alice.dav.locks.breakLock({ ...lock, resource: alice.at('broken.txt') });
      if (kind === 'nginx') assert.deepEqual(await breaking, { wasHeld: true });
      else assert.equal((await failureOf(breaking)).kind, 'forbidden');
      assert.equal((await bob.locksOn('broken.txt')).length, kind === 'nginx' ? 0 : 1);
    });

    it('shows the lock of a tree on what is in it, and that of just the folder not', async () => {
      server.seed({ 'tree/in.txt': '', 'flat/in.txt': '' });
      await bob.lock('tree/', { depth: 'infinity' });
      const [lock] = await alice.locks('tree/in.txt');
      assert.equal(lock?.depth, 'tree');
      if (kind !== 'apache') assert.equal(lock?.root, alice.at('tree'));
      const { self, members } = await alice.dav.files.list(alice.at('tree'));
      assert.equal(self?.listing.locks.length, 1);
      assert.equal(members[0]?.listing.locks[0]?.id, lock?.id);
      const refused = await failureOf(alice.write('tree/new.txt', 'x'));
      assert.equal(refused.kind, 'locked');
      assert.equal(existsSync(join(server.dataDir, 'tree/new.txt')), false);

      await bob.lock('flat/');
      assert.equal((await alice.locks('flat')).length, 1);
      const shown = await alice.locks('flat/in.txt');
      const writing = alice.write('flat/in.txt', 'x');
      // nginx holds the members to it against RFC 4918 section 7.4. It is shown there where nginx is recognized; else
      // only the refusal says so.
      if (kind === 'nginx') assert.equal((await failureOf(writing)).kind, 'locked');
      else await writing;
      assert.equal(shown.length, recognize && kind === 'nginx' ? 1 : 0);
    });

    it('lets us work in a tree that we have locked', async () => {
      server.seed({ 'ours 1/in.txt': '' });
      const other = new Colleague(server.url, server.user('alice'));
      const token = await other.lock('ours 1/', { depth: 'infinity' });
      const guard = { leases: [alice.treeLease('ours 1', token)] };
      await alice.write('ours 1/in.txt', 'changed', guard);
      await alice.write('ours 1/new.txt', 'made', guard);
      await alice.dav.files.makeCollection(alice.at('ours 1/sub'), guard);
      await alice.dav.files.remove({ resource: alice.at('ours 1/new.txt'), kind: 'file' }, guard);
      assert.equal(content('ours 1/in.txt'), 'changed');
      assert.deepEqual(
        [existsSync(join(server.dataDir, 'ours 1/new.txt')), existsSync(join(server.dataDir, 'ours 1/sub'))],
        [false, true],
      );
      await assert.rejects(bob.put('ours 1/in.txt', 'from bob'));
      await alice.dav.files.remove({ resource: alice.at('ours 1'), kind: 'collection' }, guard);
      assert.equal(existsSync(join(server.dataDir, 'ours 1')), false);
    });
  });
}
