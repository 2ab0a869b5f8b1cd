// What a 401 means: a wrong password, a missing right, or a way to sign in that is not supported.
import assert from 'node:assert/strict';
import type { FailureKind, RemoteFailure } from '../../../../src/core/model/failure';
import { Secret } from '../../../../src/core/model/secret';
import type { Credentials, TransportOptions } from '../../../../src/protocol/transport/http';
import { statusFailure } from '../../../../src/protocol/transport/failures/statusKinds';
import type { PlainHandler } from '../../../support/servers/plain';
import { alice, Bench, failureOf, request } from './bench';

const challenge = { 'WWW-Authenticate': 'Basic realm="dav"' };
const given = (credentials: Credentials) => ({ credentials: () => Promise.resolve(credentials) });

describe('a refused sign-in', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  const asker = async (handler: PlainHandler, options: Partial<TransportOptions> = given(alice)) => {
    const server = await bench.serve(handler);
    const transport = bench.transport(server.origin, options);
    const send = async (method: string): Promise<{ status: number; failure: RemoteFailure }> => {
      const asked = request(server.origin, { method, ...(method === 'PUT' && { body: 'x' }) });
      const answer = await transport.send(asked);
      await answer.discard();
      return { status: answer.status, failure: statusFailure(answer, asked) };
    };
    return { server, send };
  };
  const kindsOf = async (
    send: (method: string) => Promise<{ failure: RemoteFailure }>,
    methods: string[],
  ) => {
    const kinds: FailureKind[] = [];
    for (const method of methods) kinds.push((await send(method)).failure.kind);
    return kinds;
  };
  const isRead = (method: string) => ['GET', 'HEAD', 'PROPFIND', 'OPTIONS'].includes(method);

  it('to a write after a success is a missing right, and reads go on', async () => {
    const { send, server } = await asker(({ method, headers }, reply) =>
      headers.authorization && isRead(method) ? reply.send(200) : reply.send(401, challenge),
    );
    assert.equal((await send('PROPFIND')).status, 200);
    assert.deepEqual(
      await kindsOf(send, ['PUT', 'LOCK', 'DELETE', 'PUT', 'MOVE']),
      Array(5).fill('forbidden'),
    );
    assert.equal((await send('GET')).status, 200);
    assert.equal(server.requests.at(-1)?.headers.authorization !== undefined, true);
  });

  it('to a write before any success is not proof of a wrong password: the next read sends it', async () => {
    const { send, server } = await asker(({ method, headers }, reply) =>
      headers.authorization && isRead(method) ? reply.send(200) : reply.send(401, challenge),
    );
    assert.deepEqual(await kindsOf(send, ['PUT', 'PUT']), ['signInNeeded', 'signInNeeded']);
    const signed = () => server.requests.filter(({ headers }) => headers.authorization !== undefined).length;
    assert.equal(signed(), 1, 'a write does not send it again');
    assert.equal((await send('GET')).status, 200);
    assert.deepEqual(await kindsOf(send, ['PUT']), ['forbidden']);
  });

  it('to an expired token is no missing right', async () => {
    let isExpired = false;
    const { send, server } = await asker(
      ({ headers }, reply) =>
        headers.authorization && !isExpired
          ? reply.send(200)
          : reply.send(401, { 'WWW-Authenticate': 'Bearer realm="r", error="invalid_token"' }),
      given({ token: new Secret('t') }),
    );
    assert.equal((await send('PROPFIND')).status, 200);
    isExpired = true;
    assert.deepEqual(await kindsOf(send, ['PUT', 'PUT', 'PUT']), Array(3).fill('signInNeeded'));
    const signed = server.requests.filter(({ headers }) => headers.authorization !== undefined);
    assert.equal(signed.length, 2, 'no write sends it again');
  });

  const unsupported: readonly (readonly [string, string | readonly string[], readonly string[]])[] = [
    ['Negotiate', 'Negotiate', ['Negotiate']],
    ['NTLM', ['Negotiate', 'NTLM'], ['Negotiate', 'NTLM']],
    [
      'Digest by SHA-512-256 only',
      'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-512-256',
      ['Digest SHA-512-256 auth'],
    ],
    ['Digest with auth-int only', 'Digest realm="r", nonce="n", qop="auth-int"', ['Digest auth-int']],
  ];
  for (const [what, offered, methods] of unsupported) {
    for (const credentials of [alice, {}]) {
      it(`by ${what} is named, with ${credentials.user ?? 'no'} credentials`, async () => {
        const { send, server } = await asker(
          (_, reply) => reply.send(401, { 'WWW-Authenticate': offered }),
          given(credentials),
        );
        const { failure } = await send('PROPFIND');
        assert.deepEqual([failure.kind, failure.facts.signIn?.methods], ['cannotSignIn', methods]);
        assert.equal(server.requests.length, 1);
      });
    }
  }

  it('of a server that knew Digest and asks for the bare password is a downgrade', async () => {
    const { send, server } = await asker(
      (_, reply) => reply.send(401, challenge),
      given({ ...alice, digest: true }),
    );
    const { failure } = await send('PROPFIND');
    assert.deepEqual([failure.kind, failure.facts.signIn?.why], ['cannotSignIn', 'downgrade']);
    assert.equal(server.requests.length, 1);
  });

  it('tells that the server knows Digest once it has accepted it', async () => {
    const told: string[] = [];
    const { send } = await asker(
      ({ headers }, reply) =>
        headers.authorization?.startsWith('Digest ')
          ? reply.send(200)
          : reply.send(401, { 'WWW-Authenticate': 'Digest realm="dav", nonce="n", qop="auth"' }),
      { ...given(alice), onDigestAccepted: (realm) => told.push(realm) },
    );
    for (let times = 0; times < 2; times++) assert.equal((await send('PROPFIND')).status, 200);
    assert.deepEqual(told, ['dav']);
  });

  it('because no header can hold the token or the name says so, without an error of the library', async () => {
    const rows: readonly (readonly [Credentials, string])[] = [
      [{ token: new Secret('two\nlines') }, 'Bearer realm="r"'],
      [{ token: new Secret('snow\u2603man') }, 'Bearer realm="r"'],
      [{ ...alice, user: 'a\nb' }, 'Digest realm="r", nonce="n", qop="auth"'],
    ];
    for (const [credentials, offered] of rows) {
      const { send } = await asker(
        (_, reply) => reply.send(401, { 'WWW-Authenticate': offered }),
        given(credentials),
      );
      const { failure } = await send('PROPFIND');
      assert.deepEqual([failure.kind, failure.facts.signIn?.why], ['signInNeeded', 'unsendable'], offered);
    }
  });

  describe('over plain http to another machine', () => {
    /** The server stands behind a proxy, because a name that is not this machine's leads nowhere here. */
    const far = async (credentials: Credentials, offered: string) => {
      const proxy = await bench.serve(({ headers }, reply) =>
        headers.authorization ? reply.send(200) : reply.send(401, { 'WWW-Authenticate': offered }),
      );
      const origin = 'http://files.example.org';
      const transport = bench.transport(origin, { ...given(credentials), proxy: { url: proxy.url } });
      const asked = request(origin);
      const answer = await transport.send(asked);
      await answer.discard();
      const sent = proxy.requests.flatMap(({ headers }) => headers.authorization ?? []);
      return { answer, failure: statusFailure(answer, asked), sent, requests: proxy.requests.length };
    };

    const token = { token: new Secret('t') };
    for (const [what, credentials, offered] of [
      ['a password', alice, 'Basic realm="r"'],
      ['a token', token, 'Bearer realm="r"'],
    ] as const) {
      it(`${what} is not sent before the person agrees`, async () => {
        const { failure, sent, requests } = await far(credentials, offered);
        assert.deepEqual(
          [failure.kind, failure.facts.signIn, sent, requests],
          ['signInNeeded', { realm: 'r', why: 'inClear' }, [], 1],
        );
      });

      it(`${what} is sent once asked for, after the person has agreed`, async () => {
        const { answer, sent, requests } = await far({ ...credentials, inClear: true }, offered);
        assert.deepEqual([answer.status, sent.length, requests], [200, 1, 2]);
      });
    }

    it('Digest needs no permission', async () => {
      const { answer, sent } = await far(alice, 'Digest realm="r", nonce="n", qop="auth"');
      assert.deepEqual([answer.status, sent.length], [200, 1]);
    });
  });

  describe('of a proxy', () => {
    for (const origin of ['http://files.example.org', 'https://files.example.org']) {
      it(`names what it wants, for ${origin}`, async () => {
        const refusing = 'HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n';
        const url = await bench.listen((socket) => {
          socket.once('data', () => socket.end(`${refusing}Content-Length: 0\r\n\r\n`));
        });
        const transport = bench.transport(origin, { proxy: { url } });
        const failed = transport.send(request(origin)).then((answer) => {
          throw new Error(`answered ${answer.status}`);
        });
        const { facts } = await failureOf(failed, 'unreachable');
        assert.deepEqual([facts.status, facts.signIn?.methods], [407, ['Negotiate', 'NTLM']]);
      });
    }

    it('whose authorization no header can hold is a failure with its own code', async () => {
      const server = await bench.serve((_, reply) => reply.send(200));
      const proxy = { url: server.url, authorization: 'Basic a\nb' };
      for (const origin of ['http://files.example.org', 'https://files.example.org']) {
        const { facts } = await failureOf(
          bench.transport(origin, { proxy }).send(request(origin)),
          'unreachable',
        );
        assert.equal(facts.code, 'BAD_PROXY_AUTHORIZATION');
      }
    });
  });
});
