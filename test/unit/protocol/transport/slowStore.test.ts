// The first request does not wait for credentials that take their time.
import assert from 'node:assert/strict';
import { Secret } from '../../../../src/core/model/secret';
import type { Credentials } from '../../../../src/protocol/transport/http';
import type { PlainHandler } from '../../../support/servers/plain';
import { alice, Bench, failureOf, request } from './bench';

const basicAlice = `Basic ${Buffer.from('alice:alice-pw').toString('base64')}`;

describe('A store of credentials that is slow', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  /** A store that answers once the server was asked for something, and what the server was asked. */
  async function serve(answer: PlainHandler, stored: () => Credentials) {
    const seen: string[] = [];
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const server = await bench.serve((incoming, reply) => {
      seen.push(`${incoming.method} ${incoming.headers.authorization ?? '-'}`);
      asked();
      return answer(incoming, reply);
    });
    const credentials = async () => {
      await isAsked;
      return stored();
    };
    return { seen, origin: server.origin, transport: bench.transport(server.origin, { credentials }) };
  }

  const guarded: PlainHandler = ({ headers }, reply) =>
    headers.authorization === undefined
      ? reply.send(401, { 'WWW-Authenticate': 'Basic realm="x"' }, 'out')
      : reply.send(200, {}, 'in');

  it('does not hold up the challenge of a password', async () => {
    const { seen, origin, transport } = await serve(guarded, () => alice);
    const answer = await transport.send(request(origin));
    assert.equal(await answer.text(), 'in');
    assert.deepEqual(seen, ['PROPFIND -', `PROPFIND ${basicAlice}`]);
  });

  it('holds up a write, and whatever comes after the first', async () => {
    const { seen, origin, transport } = await serve(guarded, () => alice);
    const methods = ['PUT', 'PROPFIND', 'GET'];
    const answers = await Promise.all(
      methods.map((method) =>
        transport.send(request(origin, { method, ...(method === 'PUT' && { body: '1' }) })),
      ),
    );
    for (const answer of answers) assert.equal(await answer.text(), 'in');
    assert.deepEqual(
      seen.filter((one) => one.endsWith('-')),
      ['PROPFIND -'],
    );
    assert.deepEqual(
      seen.slice(1).sort(),
      ['GET', 'PROPFIND', 'PUT'].map((method) => `${method} ${basicAlice}`),
    );
  });

  it('makes nothing of what the server says without the token', async () => {
    const answer: PlainHandler = ({ headers }, reply) =>
      headers.authorization === 'Bearer abc'
        ? reply.send(200, {}, 'in')
        : reply.send(404, {}, 'nothing here');
    const { seen, origin, transport } = await serve(answer, () => ({ token: new Secret('abc') }));
    const answered = await transport.send(request(origin));
    assert.deepEqual([answered.status, await answered.text()], [200, 'in']);
    assert.deepEqual(seen, ['PROPFIND -', 'PROPFIND Bearer abc']);
  });

  it('is waited for by the next request where the first was given up', async () => {
    const stopping = new AbortController();
    const store: { answer: (found: Credentials) => void } = { answer: () => undefined };
    const stored = new Promise<Credentials>((resolve) => (store.answer = resolve));
    const server = await bench.serve((_, reply) =>
      stopping.signal.aborted ? reply.send(200, {}, 'in') : stopping.abort(),
    );
    const transport = bench.transport(server.origin, { credentials: () => stored });
    const first = transport.send(request(server.origin, { signal: stopping.signal }));
    await failureOf(first, 'canceled');
    const second = transport.send(request(server.origin));
    store.answer({ token: new Secret('abc') });
    assert.equal(await (await second).text(), 'in');
    const signatures = server.requests.map(({ headers }) => headers.authorization);
    assert.deepEqual(signatures, [undefined, 'Bearer abc']);
  });

  it('that refuses in the end fails the request', async () => {
    const open: PlainHandler = (_, reply) => reply.send(200, {}, 'anything');
    const { origin, transport } = await serve(open, () => {
      throw new Error('locked');
    });
    const failure = await failureOf(transport.send(request(origin)), 'signInNeeded');
    assert.equal(failure.facts.code, 'CREDENTIALS_UNREADABLE');
  });
});
