// Misconfigured servers, and answers that are lost on their way.
import assert from 'node:assert/strict';
import { Colleague } from '../support/colleague';
import { skipWithout } from '../support/rings/skipWithout';
import { startFaultProxy } from '../support/faultProxy';
import { startApache } from '../support/servers/apache';
import { startNginx } from '../support/servers/nginx';
import { type LockServer, type ServerKind } from '../support/servers/server';
import { availableServers, startServer } from '../support/servers/start';
import { failureOf, Session } from './webdavSession';

async function withServer(started: Promise<LockServer>, run: (server: LockServer) => Promise<void>) {
  const server = await started;
  try {
    await run(server);
  } finally {
    await server.stop();
  }
}

describe('a server that is not as it says', function () {
  this.timeout(60_000);
  const only = (kind: ServerKind) => (title: string, run: () => Promise<void>) =>
    it(title, function () {
      skipWithout(this, kind);
      return run();
    });

  only('nginx')('lists LOCK and does not know it', () =>
    withServer(startNginx({ lockStore: false }), async (server) => {
      server.seed({ 'a.txt': 'old' });
      const alice = new Session(server.url, server.user('alice'));
      assert.equal((await failureOf(alice.lock('a.txt'))).kind, 'unsupported');
      assert.equal((await alice.dav.files.stat(alice.at('a.txt'))).listing.locks.length, 0);
      await alice.write('a.txt', 'new');
      await alice.close();
    }),
  );

  only('apache')('has no place for its locks', () =>
    withServer(startApache({ lockStore: false }), async (server) => {
      const alice = new Session(server.url, server.user('alice'));
      assert.equal((await failureOf(alice.dav.files.probe(alice.at('')))).kind, 'serverFault');
      await alice.close();
    }),
  );
});

describe('an answer that is lost', function () {
  this.timeout(60_000);
  let server: LockServer;

  before(async () => {
    server = await startServer(availableServers().available.includes('apache') ? 'apache' : 'nephele');
  });
  after(() => server?.stop());

  async function through(
    run: (alice: Session, proxy: Awaited<ReturnType<typeof startFaultProxy>>) => Promise<void>,
  ) {
    const proxy = await startFaultProxy(server.url);
    const alice = new Session(proxy.url, server.user('alice'));
    server.seed({ 'a.txt': 'old' });
    // The password is asked for once, before anything goes wrong.
    await alice.dav.files.stat(alice.at('a.txt'));
    try {
      await run(alice, proxy);
    } finally {
      await alice.close();
      await proxy.stop();
    }
  }

  it('of a LOCK leaves the lock in our hands', () =>
    through(async (alice, proxy) => {
      proxy.inject({ method: 'LOCK', times: 1 }, { kind: 'reset', at: 'afterAnswer' });
      const lease = await alice.lock('a.txt');
      await alice.write('a.txt', 'new', { leases: [lease] });
      assert.deepEqual(await alice.dav.locks.release(lease), { wasHeld: true });
    }));

  it('of a LOCK that broke off in its body leaves the lock in our hands', () =>
    through(async (alice, proxy) => {
      proxy.inject({ method: 'LOCK', times: 1 }, { kind: 'truncate' });
      const lease = await alice.lock('a.txt');
      assert.ok(lease.grantedMs && lease.grantedMs > 500_000);
      assert.deepEqual(await alice.dav.locks.release(lease), { wasHeld: true });
    }));

  it('of a listing is no listing', () =>
    through(async (alice, proxy) => {
      proxy.inject({ method: 'PROPFIND' }, { kind: 'truncate' });
      assert.equal((await failureOf(alice.dav.files.list(alice.at('')))).kind, 'interrupted');
    }));

  it('leaves no lock when the LOCK is canceled meanwhile', () =>
    through(async (alice, proxy) => {
      const controller = new AbortController();
      let letGo = (): void => undefined;
      const until = new Promise<void>((resolve) => (letGo = resolve));
      proxy.inject({ method: 'LOCK' }, { kind: 'hold', at: 'answer', until });
      const answered = proxy.next({ method: 'LOCK' }, 'answered');
      const locking = failureOf(
        alice.dav.locks.lock(alice.at('a.txt'), { seconds: 60, owner: 'x' }, controller),
      );
      await answered;
      controller.abort();
      letGo();
      assert.equal((await locking).kind, 'canceled');
      const bob = new Colleague(server.url, server.user('bob'));
      assert.deepEqual(await bob.locksOn('a.txt'), []);
    }));

  it('of a proxy that takes the host’s name away still lets us save and remove', () =>
    through(async (alice, proxy) => {
      proxy.inject({}, { kind: 'headers', request: { set: { host: 'inner.example:8080' } } });
      const lease = await alice.lock('a.txt');
      await alice.write('a.txt', 'new', { leases: [lease] });
      await alice.dav.files.remove({ resource: alice.at('a.txt'), kind: 'file' }, { leases: [lease] });
      assert.equal((await failureOf(alice.dav.files.stat(alice.at('a.txt')))).kind, 'notFound');
    }));
});
