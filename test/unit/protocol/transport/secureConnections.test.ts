import assert from 'node:assert/strict';
import type http from 'node:http';
import https from 'node:https';
import type { TransportOptions } from '../../../../src/protocol/transport/http';
import { makeCertificate, type CertificateKind } from '../../../support/servers/certificate';
import { closeWithConnections, listenOnFreePort } from '../../../support/servers/plain';
import { Bench, failureOf, request } from './bench';

const self = makeCertificate('selfSigned');

describe('secure connections', () => {
  const bench = new Bench();
  const servers: http.Server[] = [];
  afterEach(async () => {
    await bench.end();
    await Promise.all(servers.splice(0).map(closeWithConnections));
  });

  /** A server behind TLS. Gives its origin. */
  const secure = async (kind: CertificateKind | typeof self): Promise<string> => {
    const { certificate: cert, key } = typeof kind === 'string' ? makeCertificate(kind) : kind;
    const server = https.createServer({ cert, key }, (incoming, response) => {
      response.end(`${incoming.url} ${incoming.headers['proxy-authorization'] ?? 'no secret'}`);
    });
    servers.push(server);
    return `https://localhost:${await listenOnFreePort(server)}`;
  };
  const ask = async (origin: string, options: Partial<TransportOptions>) =>
    (await bench.transport(origin, options).send(request(origin, { method: 'GET' }))).text();

  it('trust the certificates they are told to, besides the others', async () => {
    const origin = await secure(self);
    assert.equal(await ask(origin, { ca: [self.certificate] }), '/a no secret');
    await failureOf(ask(origin, { ca: [makeCertificate('selfSigned').certificate] }), 'tls');
  });

  it('trust nobody else', async () => {
    const origin = await secure(self);
    const { facts } = await failureOf(ask(origin, {}), 'tls');
    assert.deepEqual([facts.code, facts.maybeDone], ['DEPTH_ZERO_SELF_SIGNED_CERT', false]);
    await failureOf(ask(origin, { rejectUnauthorized: true }), 'tls');
  });

  it('trust everybody where they are told to', async () => {
    assert.equal(await ask(await secure(self), { rejectUnauthorized: false }), '/a no secret');
  });

  it('do not trust what has expired or belongs to another host', async () => {
    for (const [kind, code] of [
      ['expired', 'CERT_HAS_EXPIRED'],
      ['otherHost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ] as const) {
      const made = makeCertificate(kind);
      const { facts } = await failureOf(ask(await secure(made), { ca: [made.certificate] }), 'tls');
      assert.equal(facts.code, code);
    }
  });

  it('are not to be had from a server without TLS', async () => {
    const plain = await bench.serve((_, reply) => reply.send(200));
    await failureOf(ask(plain.origin.replace('http:', 'https:'), {}), 'tls');
  });

  it('are unreachable where the server hangs up on them', async () => {
    const origin = await bench.listen((socket) => socket.resetAndDestroy());
    await failureOf(ask(origin.replace('http:', 'https:'), {}), 'unreachable');
  });
});
