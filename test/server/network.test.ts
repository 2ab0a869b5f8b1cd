// The ways to a server that people's networks have: Digest, a private authority, client certificates, a proxy that wants
// to be signed in to, and an account that may only read.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { isFailure } from '../../src/core/model/failure';
import { resourceId } from '../../src/core/model/resource';
import { Secret } from '../../src/core/model/secret';
import type { Credentials, TransportOptions } from '../../src/protocol/transport/http';
import { createTransport } from '../../src/protocol/transport/transport';
import { createWebdavServer, type WebdavServer } from '../../src/protocol/webdav/server';
import { ensureDebianPackages } from '../support/debian';
import { skipBecause } from '../support/rings/skip';
import { skipWithout } from '../support/rings/skipWithout';
import { startApache, type ApacheOptions } from '../support/servers/apache';
import { makeAuthority, type Authority } from '../support/servers/certificate';
import type { AccountName, LockServer } from '../support/servers/server';
import { squidPackages, startSquid, type Proxy } from '../support/servers/squid';
import { failureOf, lockRequest } from './webdavSession';

describe('Networks and accounts as people have them', function () {
  this.timeout(60_000);
  const ends: (() => Promise<void>)[] = [];
  before(function () {
    skipWithout(this, 'apache');
  });
  afterEach(async () => {
    for (let end = ends.pop(); end; end = ends.pop()) await end();
  });

  const apache = async (options: ApacheOptions): Promise<LockServer> => {
    const server = await startApache(options);
    ends.push(() => server.stop());
    server.seed({ 'report.md': 'Text.' });
    return server;
  };

  interface Visit {
    readonly dav: WebdavServer;
    readonly at: ReturnType<typeof resourceId>;
    readonly statuses: number[];
    readonly close: () => Promise<void>;
  }

  /** A session of an account, by whatever way the options tell. */
  const visit = (
    server: LockServer,
    options: Partial<TransportOptions> = {},
    credentials: Credentials | AccountName = 'alice',
  ): Visit => {
    const known = typeof credentials === 'string' ? server.user(credentials) : undefined;
    const given: Credentials = known
      ? { user: known.user, password: new Secret(known.password) }
      : (credentials as Credentials);
    const statuses: number[] = [];
    const transport = createTransport({
      origin: new URL(server.url).origin,
      credentials: () => Promise.resolve(given),
      userAgent: 'test',
      now: () => performance.now(),
      onExchange: ({ status }) => statuses.push(status ?? 0),
      ...options,
    });
    const close = () => transport.close();
    ends.push(close);
    const dav = createWebdavServer({
      transport,
      now: () => ({ mono: performance.now(), wall: Date.now() }),
      identity: { ownsLock: () => true, isMyAccount: () => true },
    });
    return { dav, at: resourceId(`${server.url}report.md`), statuses, close };
  };

  /** Lock, save and release: what all the ways are for. */
  const saves = async ({ dav, at }: Visit, text: string): Promise<void> => {
    const lease = await dav.locks.lock(at, lockRequest);
    await dav.files.write(at, new TextEncoder().encode(text), { leases: [lease] });
    await dav.locks.release(lease);
    assert.equal(new TextDecoder().decode((await dav.files.read(at)).bytes), text);
  };

  it('Digest: one challenge, then each request is signed, and the server is known to know it', async () => {
    const told: string[] = [];
    const alice = visit(await apache({ auth: 'digest' }), { onDigestAccepted: (realm) => told.push(realm) });
    await saves(alice, 'By Digest.');
    assert.equal(alice.statuses.filter((status) => status === 401).length, 1);
    assert.deepEqual(told, ['dav']);
  });

  it('a server that asks for the bare password after Digest does not get it', async () => {
    const server = await apache({ auth: 'basic' });
    const { user, password } = server.user('alice');
    const { dav, at } = visit(server, {}, { user, password: new Secret(password), digest: true });
    const { kind, facts } = await failureOf(dav.files.stat(at));
    assert.deepEqual([kind, facts.signIn?.why], ['cannotSignIn', 'downgrade']);
  });

  it('an account that may only read is told so, and goes on reading', async () => {
    const { dav, at } = visit(await apache({ readOnly: 'bob' }), {}, 'bob');
    await dav.files.stat(at);
    for (let times = 0; times < 4; times++) {
      assert.equal((await failureOf(dav.locks.lock(at, lockRequest))).kind, 'forbidden');
      const writing = dav.files.write(at, new Uint8Array([65]), { leases: [] });
      assert.equal((await failureOf(writing)).kind, 'forbidden');
    }
    assert.equal(new TextDecoder().decode((await dav.files.read(at)).bytes), 'Text.');
  });

  describe('with certificates', () => {
    let authority: Authority;
    before(() => (authority = makeAuthority()));

    it('a private authority is trusted where it is named, and nowhere else', async () => {
      const server = await apache({ tls: authority.issue('localhost') });
      await saves(visit(server, { ca: [authority.certificate] }), 'By TLS.');
      const stranger = visit(server);
      assert.equal((await failureOf(stranger.dav.files.stat(stranger.at))).kind, 'tls');
    });

    describe('that the server wants of its clients', () => {
      let server: LockServer;
      const trusting = { ca: [] as string[] };
      beforeEach(async () => {
        trusting.ca = [authority.certificate];
        server = await apache({ tls: authority.issue('localhost'), clients: authority });
      });
      const by = (certificate: TransportOptions['clientCertificate']) =>
        visit(server, { ...trusting, ...(certificate && { clientCertificate: certificate }) });

      it('PEM files sign in', async () => {
        const { certificate: cert, key } = authority.issue('ann');
        await saves(
          by(() => Promise.resolve({ cert, key })),
          'By PEM.',
        );
      });

      it('PKCS#12 with a passphrase signs in', async () => {
        const { pfx } = authority.issue('ann', 'p4ss');
        await saves(
          by(() => Promise.resolve({ pfx, passphrase: new Secret('p4ss') })),
          'By PKCS#12.',
        );
      });

      it('an encrypted key signs in with its passphrase, and asks for it without', async () => {
        const { certificate: cert, key } = authority.issue('ann', 'p4ss');
        const passphrases = [undefined, new Secret('wrong'), new Secret('p4ss')];
        const { dav, at } = by(() => {
          const passphrase = passphrases.shift();
          return Promise.resolve({ cert, key, ...(passphrase && { passphrase }) });
        });
        for (let times = 0; times < 2; times++) {
          const { kind, facts } = await failureOf(dav.files.stat(at));
          assert.deepEqual([kind, facts.code], ['signInNeeded', 'CLIENT_CERTIFICATE_PASSPHRASE']);
        }
        await dav.files.stat(at);
      });

      it('none is a failure of TLS that says so', async () => {
        const { dav, at } = by(undefined);
        const { kind, facts } = await failureOf(dav.files.stat(at));
        assert.equal(kind, 'tls', `${kind} ${facts.code}`);
        assert.match(facts.code ?? '', /ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE)/);
      });

      it('one that another authority has signed is refused', async () => {
        const { certificate: cert, key } = makeAuthority().issue('mallory');
        const { dav, at } = by(() => Promise.resolve({ cert, key }));
        assert.equal((await failureOf(dav.files.stat(at))).kind, 'tls');
      });

      it('one that cannot be read is a failure before anything is connected', async () => {
        const missing = () =>
          Promise.reject(Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' }));
        for (const read of [missing, () => Promise.resolve({ cert: 'x', key: 'y' })]) {
          const { dav, at, statuses } = by(read);
          const { kind, facts } = await failureOf(dav.files.stat(at));
          assert.deepEqual([kind, facts.code, statuses.length], ['tls', 'CLIENT_CERTIFICATE', 0]);
        }
      });
    });
  });

  describe('behind a proxy that wants to be signed in to', () => {
    let proxy: Proxy;
    before(async function () {
      const installed = ensureDebianPackages(squidPackages);
      if (!installed.ok) skipBecause(this, installed.why);
      proxy = await startSquid();
    });
    after(async () => proxy?.stop());
    const through = (who: string) => ({ proxy: { url: `http://${who}127.0.0.1:${proxy.port}` } });

    it('a server over plain http is used with the name in the address', async () => {
      const server = await apache({});
      await saves(visit(server, through('bob:bob-pw@')), 'By proxy.');
      assert.ok(
        proxy.log().some((line) => line.startsWith(`PUT ${server.url}report.md 20`) && line.endsWith(' bob')),
      );
    });

    it('a server over TLS is used through a tunnel, with an authorization of its own', async () => {
      const server = await apache({ tls: 'selfSigned' });
      const authorization = `Basic ${Buffer.from('bob:bob-pw').toString('base64')}`;
      const options = { proxy: { url: `http://127.0.0.1:${proxy.port}`, authorization } };
      const alice = visit(server, { ...options, rejectUnauthorized: false });
      await saves(alice, 'By tunnel.');
      // Squid logs a tunnel when it has ended.
      await alice.close();
      const tunnel = `CONNECT 127.0.0.1:${server.port} 200 bob`;
      while (!proxy.log().some((line) => line.startsWith(tunnel))) await pause(20);
    });

    for (const tls of [undefined, 'selfSigned'] as const) {
      for (const who of ['', 'bob:wrong@']) {
        it(`${tls ? 'TLS' : 'http'} is told that the proxy refused "${who}", and the password of the server stays here`, async () => {
          const server = await apache(tls ? { tls } : {});
          const { dav, at } = visit(server, { ...through(who), rejectUnauthorized: false });
          const failure = await failureOf(dav.files.stat(at));
          assert.ok(isFailure(failure, 'unreachable'), failure.message);
          assert.deepEqual([failure.status, failure.facts.signIn?.methods], [407, ['Basic']]);
        });
      }
    }
  });
});
