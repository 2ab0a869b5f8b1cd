import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Secret } from '../../../../src/core/model/secret';
import { parseChallenges } from '../../../../src/protocol/transport/authentication/challenges';
import type { Credentials } from '../../../../src/protocol/transport/http';
import type { PlainHandler, PlainRequest } from '../../../support/servers/plain';
import { alice, Bench, request } from './bench';

/** A Digest server that takes a nonce for `uses` requests, each count once, and then calls it stale. */
class DigestServer {
  nonce = 'n0';
  nextNonce = false;
  stale = ', stale=true';
  /** What goes with the refusal of a wrong answer to a good nonce. */
  wrong = '';
  algorithm = 'MD5';
  private issued = 0;
  private readonly counts = new Set<string>();

  constructor(private readonly uses = Infinity) {}

  readonly handle: PlainHandler = (asked, reply) => {
    const params = parseChallenges(asked.headers.authorization ?? '')[0]?.params;
    if (params?.get('nonce') !== this.nonce || this.counts.size >= this.uses) {
      const stale = params ? this.stale : '';
      this.renew();
      return reply.send(401, { 'WWW-Authenticate': this.challenge(stale) });
    }
    if (params.get('response') !== this.expected(asked, params)) {
      return reply.send(401, { 'WWW-Authenticate': this.challenge(this.wrong) });
    }
    const count = params.get('nc') ?? '';
    if (this.counts.has(count)) return reply.send(400, {}, 'replayed');
    this.counts.add(count);
    if (this.nextNonce) this.renew();
    reply.send(200, this.nextNonce ? { 'Authentication-Info': `nextnonce="${this.nonce}"` } : {});
  };

  private renew(): void {
    this.nonce = `n${++this.issued}`;
    this.counts.clear();
  }

  private challenge(stale: string): string {
    return `Digest realm="r", qop="auth", algorithm=${this.algorithm}, nonce="${this.nonce}"${stale}`;
  }

  private expected({ method, path }: PlainRequest, params: ReadonlyMap<string, string>): string {
    const name = this.algorithm === 'MD5' ? 'md5' : 'sha256';
    const hash = (...parts: string[]) => createHash(name).update(parts.join(':')).digest('hex');
    const known = ['nonce', 'nc', 'cnonce', 'qop'].map((key) => params.get(key) ?? '');
    return hash(hash('alice', 'r', 'alice-pw'), ...known, hash(method, path));
  }
}

describe('signing in by Digest', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  it('tells a challenge that it answers from a refusal', async () => {
    const digest = new DigestServer(1);
    const server = await bench.serve(digest.handle);
    const logged = Array.from({ length: 4 }, () => bench.logged());
    assert.deepEqual(await statusesOf(server.origin, 2), [200, 200]);
    assert.deepEqual(
      (await Promise.all(logged)).map(({ status, signed, repeated = false }) => [status, signed, repeated]),
      [
        [401, false, true],
        [200, true, false],
        [401, true, true],
        [200, true, false],
      ],
    );
  });

  it('leaves a refused password a refusal', async () => {
    const digest = new DigestServer(0);
    digest.stale = '';
    const server = await bench.serve(digest.handle);
    const logged = Array.from({ length: 2 }, () => bench.logged());
    assert.deepEqual(await statusesOf(server.origin, 1, { ...alice, password: new Secret('wrong') }), [401]);
    const last = (await Promise.all(logged)).at(-1);
    assert.deepEqual([last?.status, last?.signed, last?.repeated], [401, true, undefined]);
  });

  const statusesOf = async (origin: string, times: number, credentials: Credentials = alice) => {
    const transport = bench.transport(origin, { credentials: () => Promise.resolve(credentials) });
    const statuses: number[] = [];
    for (let count = 0; count < times; count++) {
      const url = `${origin}/a%20b?c=${count}`;
      const answer = await transport.send(request(origin, { method: 'PUT', body: 'x', url }));
      statuses.push(answer.status);
      await answer.discard();
    }
    return statuses;
  };

  for (const algorithm of ['MD5', 'SHA-256']) {
    it(`answers ${algorithm} and is challenged once`, async () => {
      const digest = new DigestServer();
      digest.algorithm = algorithm;
      const server = await bench.serve(digest.handle);
      assert.deepEqual(await statusesOf(server.origin, 20), Array(20).fill(200));
      assert.equal(server.requests.length, 21);
    });
  }

  it('takes up a new nonce when the old one is stale', async () => {
    const server = await bench.serve(new DigestServer(3).handle);
    assert.deepEqual(await statusesOf(server.origin, 9), Array(9).fill(200));
    assert.equal(server.requests.length, 12);
  });

  it('takes up a new nonce also where the server does not call the old one stale', async () => {
    const digest = new DigestServer(3);
    digest.stale = '';
    const server = await bench.serve(digest.handle);
    assert.deepEqual(await statusesOf(server.origin, 9), Array(9).fill(200));
  });

  it('takes the next nonce from an answer', async () => {
    const digest = new DigestServer();
    digest.nextNonce = true;
    const server = await bench.serve(digest.handle);
    assert.deepEqual(await statusesOf(server.origin, 5), Array(5).fill(200));
    assert.equal(server.requests.length, 6);
  });

  it('gives up on a wrong password after one try, and never sends it again', async () => {
    const digest = new DigestServer();
    digest.wrong = ', stale=false';
    const server = await bench.serve(digest.handle);
    const wrong = { user: 'alice', password: new Secret('wrong') };
    assert.deepEqual(await statusesOf(server.origin, 3, wrong), [401, 401, 401]);
    assert.equal(server.requests.filter(({ headers }) => headers.authorization !== undefined).length, 1);
  });

  it('gives up on a server to which every nonce is stale', async () => {
    const server = await bench.serve(new DigestServer(0).handle);
    assert.deepEqual(await statusesOf(server.origin, 1), [401]);
    assert.equal(server.requests.length, 3);
  });

  it('serves many requests at once by one nonce', async () => {
    const server = await bench.serve(new DigestServer().handle);
    const transport = bench.transport(server.origin, { credentials: () => Promise.resolve(alice) });
    const answers = await Promise.all(
      Array.from({ length: 30 }, async () => (await transport.send(request(server.origin))).status),
    );
    assert.deepEqual(answers, Array(30).fill(200));
    assert.equal(server.requests.length, 31);
  });

  it('is logged request by request', async () => {
    const server = await bench.serve(new DigestServer(1).handle);
    const transport = bench.transport(server.origin, { credentials: () => Promise.resolve(alice) });
    for (let times = 0; times < 3; times++) await (await transport.send(request(server.origin))).discard();
    assert.deepEqual(
      bench.exchanges.splice(0).map(({ status }) => status),
      [401, 200, 401, 200, 401, 200],
    );
  });

  it('never sends the bare password in the clear once the server has taken an answer by Digest', async () => {
    const digest = new DigestServer();
    let isOther = false;
    const server = await bench.serve((asked, reply) =>
      isOther ? reply.send(401, { 'WWW-Authenticate': 'Basic realm="r"' }) : digest.handle(asked, reply),
    );
    const transport = bench.transport(server.origin, { credentials: () => Promise.resolve(alice) });
    const status = async () => {
      const answer = await transport.send(request(server.origin));
      await answer.discard();
      return answer.status;
    };
    assert.equal(await status(), 200);
    isOther = true;
    for (let times = 0; times < 4; times++) assert.equal(await status(), 401);
    const sent = server.requests.flatMap(({ headers }) => headers.authorization ?? []);
    assert.deepEqual(
      sent.filter((header) => !header.startsWith('Digest ')),
      [],
    );
  });
});
