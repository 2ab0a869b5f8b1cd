// What things cost on real servers, counted on the wire: no clock on the wall is asked.
import assert from 'node:assert/strict';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { RemoteFailure } from '../../src/core/model/failure';
import { Colleague } from '../support/colleague';
import { skipWithout } from '../support/rings/skipWithout';
import { OnServer } from '../support/core/onServer';
import { FaultProxy } from '../support/faultProxy';
import { type LockServer, type ServerKind, serverKinds } from '../support/servers/server';
import { startServer } from '../support/servers/start';

/** A save under our lock: one request where a write tells its tag and conditions are checked, as on lighttpd. */
const saves: Readonly<Record<ServerKind, string>> = {
  // Its tags are weak for two seconds after a write and can be no condition of the next, but our lock is one.
  apache: 'PUT PROPFIND',
  lighttpd: 'PUT',
  // Checks no condition, and its listings have no tags.
  nginx: 'PROPFIND HEAD PUT PROPFIND HEAD',
  // Not known by anything but its name: whether it checks conditions has no proof.
  nephele: 'PROPFIND PUT PROPFIND',
};

/** A save that somebody else's lock is in the way of, and what finds that out. */
const refusals: Readonly<Record<ServerKind, string>> = {
  apache: 'PUT PROPFIND',
  lighttpd: 'PUT PROPFIND',
  // Checks no condition: a lock is asked for before the look, and refused.
  nginx: 'PROPFIND LOCK PROPFIND PROPFIND HEAD GET PUT PROPFIND HEAD',
  nephele: 'PROPFIND LOCK PROPFIND PROPFIND GET PUT PROPFIND',
};

/** Works at two requests of one connection at once: a look from right behind a write may be too early, and is repeated. */
const worksAtTwo = new Set<ServerKind>(['nephele']);

function assertSent(kind: ServerKind, sent: string, expected: string): void {
  if (!worksAtTwo.has(kind)) return assert.equal(sent, expected);
  const perhapsTwice = expected.replace(/\b(PUT|UNLOCK) PROPFIND/g, '$1 PROPFIND( PROPFIND)?');
  assert.match(sent, new RegExp(`^${perhapsTwice}$`));
}

for (const kind of serverKinds) {
  describe(`the number of requests on ${kind}`, function () {
    this.timeout(60_000);
    let server: LockServer;
    let proxy: FaultProxy;
    let alice: OnServer;

    before(async function () {
      skipWithout(this, kind);
      server = await startServer(kind);
      const files: Record<string, string> = { 'a.txt': 'text', 'b.txt': 'text' };
      for (let at = 0; at < 200; at++) files[`folder${at % 10}/${at}.txt`] = 'text';
      server.seed(files);
      // Apache's tags are weak for files that have just been written.
      const anHourAgo = Date.now() / 1_000 - 3_600;
      for (const name of ['a.txt', 'b.txt']) utimesSync(join(server.dataDir, name), anHourAgo, anHourAgo);
      proxy = new FaultProxy(() => server.url, true);
      await proxy.start();
    });
    beforeEach(async () => {
      alice = new OnServer(proxy.url, server.user('alice'));
      await alice.server.files.probe(alice.at(''));
      alice.asked();
      proxy.exchanges.length = 0;
    });
    afterEach(() => alice.close());
    after(async () => {
      await proxy?.stop();
      await server?.stop();
    });

    /** What went over the wire, which must be what the code thinks it has sent. */
    const sent = (): string => {
      const methods = proxy.exchanges.splice(0).map(({ method }) => method);
      assert.equal(methods.join(' '), alice.asked());
      return methods.join(' ');
    };

    it('for a folder is one, and for its files none', async () => {
      const members = await alice.directory.list(alice.at('folder1'), 0);
      for (const id of members) await alice.directory.stat(id, 10_000);
      assert.equal(members.length, 20);
      assert.equal(sent(), 'PROPFIND');
    });

    it('for 200 files in 10 folders is ten, with fewer bytes', async () => {
      const files = Array.from({ length: 200 }, (_, at) => alice.at(`folder${at % 10}/${at}.txt`));
      await alice.poller.ask(files);
      assert.equal(sent().split(' ').length, 10);
      const together = alice.received;
      for (const id of files) await alice.directory.stat(id, 0);
      assert.equal(sent().split(' ').length, 200);
      const singly = alice.received - together;
      assert.ok(together < 0.9 * singly, `${together} bytes, one by one ${singly}`);
    });

    it('for opening, locking, saving and releasing is what the server makes necessary', async () => {
      await alice.open('a.txt');
      assert.equal(sent(), 'PROPFIND GET');
      await alice.leases.take(alice.at('a.txt'), 'hand');
      assert.match(sent(), /^(PROPFIND )?LOCK( PROPFIND)?$/);
      await alice.save('a.txt', 'first');
      sent();
      await alice.save('a.txt', 'second');
      assertSent(kind, sent(), saves[kind]);
      await alice.leases.release(alice.at('a.txt'));
      assertSent(kind, sent(), kind === 'nginx' || kind === 'nephele' ? 'UNLOCK PROPFIND' : 'UNLOCK');
    });

    it('for a refused save is the write and the look that tells why, where the server tells enough', async () => {
      const bob = new Colleague(server.url, server.user('bob'));
      await alice.open('b.txt');
      const token = await bob.lock('b.txt');
      sent();
      await assert.rejects(alice.save('b.txt', 'mine'), RemoteFailure);
      assertSent(kind, sent(), refusals[kind]);
      await bob.unlock('b.txt', token);
    });
  });
}
