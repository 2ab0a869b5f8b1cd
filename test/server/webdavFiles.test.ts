// Files and folders on every server that can run here.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareVersions, type Version } from '../../src/core/model/version';
import { Colleague } from '../support/colleague';
import { recognize } from '../support/rings/recognition';
import { skipWithout } from '../support/rings/skipWithout';
import { type LockServer, serverKinds } from '../support/servers/server';
import { startServer } from '../support/servers/start';
import { failureOf, Session } from './webdavSession';

const names = [
  'plain.txt',
  'a b&c#d?e%f é.txt',
  '100%.txt',
  '%41.txt',
  'semi;colon,comma=@:$+.txt',
  "quote'(1)[2]{3}!*~.txt",
  '日本語 😀.md',
  '.hidden',
  'UPPER lower',
  '..dots..',
  '"double" <angle> |bar|',
];
const none = { leases: [] };

for (const kind of serverKinds) {
  describe(`files on ${kind}`, function () {
    this.timeout(60_000);
    let server: LockServer;
    let alice: Session;
    const file = (path: string) => ({ resource: alice.at(path), kind: 'file' as const });
    const folder = (path: string) => ({ resource: alice.at(path), kind: 'collection' as const });
    const to = (path: string, overwrite = false) => ({ resource: alice.at(path), overwrite });
    const content = (path: string) => readFileSync(join(server.dataDir, path), 'utf8');
    const exists = (path: string) => existsSync(join(server.dataDir, path));

    before(async function () {
      skipWithout(this, kind);
      server = await startServer(kind);
    });
    beforeEach(async () => {
      alice = new Session(server.url, server.user('alice'));
      await alice.dav.files.probe(alice.at(''));
    });
    afterEach(() => alice.close());
    after(() => server?.stop());

    it('are written, read, listed and removed under any name', async () => {
      await alice.dav.files.makeCollection(alice.at('names'), none);
      for (const name of names) await alice.write(`names/${name}`, name, { leases: [], mustBeNew: true });
      const { self, members } = await alice.dav.files.list(alice.at('names'));
      assert.equal(self?.kind, 'collection');
      // nginx lists nothing that begins with a dot.
      const shown = names.filter((name) => kind !== 'nginx' || !name.startsWith('.'));
      assert.deepEqual(
        members.map(({ resource }) => resource).sort(),
        shown.map((name) => alice.at(`names/${name}`)).sort(),
      );
      for (const name of names) {
        assert.equal(await alice.text(`names/${name}`), name);
        assert.equal(content(`names/${name}`), name);
        const { kind: what, version } = await alice.dav.files.stat(alice.at(`names/${name}`));
        assert.deepEqual([what, version.size], ['file', Buffer.byteLength(name)]);
        await alice.dav.files.remove(file(`names/${name}`), none);
      }
      assert.deepEqual((await alice.dav.files.list(alice.at('names'))).members, []);
    });

    it('are moved and copied, also whole folders with odd names', async () => {
      server.seed({ 'from/a b(1).txt': 'one', 'from/sub/c#.txt': 'two' });
      await alice.dav.files.move(file('from/a b(1).txt'), to('from/ä.txt'), none);
      await alice.dav.files.copy(file('from/ä.txt'), to('from/copy ?.txt'), none);
      await alice.dav.files.copy(folder('from'), to('to & fro'), none);
      await alice.dav.files.move(folder('to & fro'), to('there'), none);
      assert.equal(content('there/sub/c#.txt'), 'two');
      assert.deepEqual([content('from/ä.txt'), content('there/copy ?.txt')], ['one', 'one']);
      await alice.dav.files.remove(folder('there'), none);
      assert.equal(exists('there'), false);
    });

    it('are not overwritten unasked', async () => {
      server.seed({ 'here.txt': 'here', 'new.txt': 'new' });
      assert.equal(
        (await failureOf(alice.dav.files.move(file('new.txt'), to('here.txt'), none))).kind,
        'exists',
      );
      assert.equal(
        (await failureOf(alice.dav.files.copy(file('new.txt'), to('here.txt'), none))).kind,
        'exists',
      );
      const guard = { leases: [], mustBeNew: true };
      assert.equal((await failureOf(alice.write('here.txt', 'new', guard))).kind, 'exists');
      assert.equal(content('here.txt'), 'here');
      await alice.dav.files.move(file('new.txt'), to('here.txt', true), none);
      assert.equal(content('here.txt'), 'new');
    });

    it('have a version that changes when they do', async () => {
      server.seed({ 'v.txt': 'one' });
      const version = async (): Promise<Version> =>
        (await alice.dav.files.stat(alice.at('v.txt'), { exact: true })).version;
      const first = await version();
      assert.ok(first.etag);
      assert.equal(compareVersions(first, (await alice.dav.files.read(alice.at('v.txt'))).version), 'same');
      assert.equal(compareVersions(first, await version()), 'same');
      const written = await alice.write('v.txt', 'another');
      const second = await version();
      assert.equal(compareVersions(first, second), 'changed');
      if (written.etag) assert.equal(compareVersions(written, second), 'same');
    });

    it('are guarded by their version exactly where that is said to be so', async () => {
      server.seed({ 'g.txt': 'old' });
      const replaces = { etag: { opaque: 'never-was', weak: false } };
      const { honorsIfMatch } = alice.dav.files.traits(alice.at('g.txt'));
      // A name in the Server header alone proves nothing.
      assert.equal(honorsIfMatch, recognize && (kind === 'apache' || kind === 'lighttpd'));
      if (!honorsIfMatch) return;
      const failure = await failureOf(alice.write('g.txt', 'new', { leases: [], replaces }));
      assert.equal(failure.kind, 'preconditionFailed');
      assert.equal(content('g.txt'), 'old');
    });

    it('say what is missing', async () => {
      assert.equal((await failureOf(alice.dav.files.read(alice.at('gone.txt')))).kind, 'notFound');
      assert.equal((await failureOf(alice.dav.files.list(alice.at('gone')))).kind, 'notFound');
      // lighttpd never ends its answer to this OPTIONS.
      assert.equal((await failureOf(alice.dav.files.probe(alice.at('gone')))).kind, 'notFound');
      assert.equal((await failureOf(alice.dav.files.remove(file('gone.txt'), none))).kind, 'notFound');
      const orphan = (await failureOf(alice.dav.files.makeCollection(alice.at('gone/sub'), none))).kind;
      assert.equal(orphan, 'parentMissing');
      const written = (await failureOf(alice.write('gone/a.txt', 'x'))).kind;
      assert.equal(written, kind === 'nginx' ? 'serverFault' : 'parentMissing');
    });

    it('are large, or empty', async () => {
      const large = 'x'.repeat(5_000_000);
      await alice.write('large.txt', large);
      await alice.write('empty.txt', '');
      assert.equal((await alice.text('large.txt')) === large, true);
      assert.equal(await alice.text('empty.txt'), '');
      assert.equal((await alice.dav.files.stat(alice.at('empty.txt'))).version.size, 0);
    });

    it('in a tree that somebody has locked a part of are not silently gone', async () => {
      server.seed({ 'part/free.txt': '', 'part/held.txt': '' });
      const bob = new Colleague(server.url, server.user('bob'));
      await bob.lock('part/held.txt');
      // These two do not ask: measured, and out of a client's hands.
      if (kind === 'lighttpd' || kind === 'nginx') return;
      const failure = await failureOf(alice.dav.files.remove(folder('part'), none));
      assert.equal(failure.kind, 'locked');
      assert.deepEqual(failure.facts.members, [{ resource: alice.at('part/held.txt'), status: 423 }]);
      assert.equal(exists('part/held.txt'), true);
    });

    it('that we hold ourselves are moved with their lock submitted', async () => {
      server.seed({ 'mine (1).txt': 'mine', 'target.txt': 'theirs' });
      const lease = await alice.lock('mine (1).txt');
      await alice.dav.files.move(file('mine (1).txt'), to('renamed.txt'), { leases: [lease] });
      assert.deepEqual([content('renamed.txt'), exists('mine (1).txt')], ['mine', false]);
      assert.deepEqual(await alice.locks('renamed.txt'), []);
      const target = await alice.lock('target.txt');
      await alice.dav.files.remove(file('target.txt'), { leases: [target] });
      assert.equal(exists('target.txt'), false);
    });
  });
}
