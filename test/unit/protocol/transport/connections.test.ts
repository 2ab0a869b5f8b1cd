import assert from 'node:assert/strict';
import type { HttpAnswer } from '../../../../src/protocol/transport/http';
import { Bench, failureOf, onEachHead, request } from './bench';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const discarded = async (sending: Promise<HttpAnswer>) => (await sending).discard();

describe('connections', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  it('leave the dispatcher of the process alone', async () => {
    const server = await bench.serve((_, reply) => reply.send(200));
    await discarded(bench.transport(server.origin).send(request(server.origin)));
    const proxied = bench.transport('https://127.0.0.1:1', { proxy: { url: server.origin } });
    await failureOf(proxied.send(request('https://127.0.0.1:1')), 'unreachable');
    const set = Object.getOwnPropertySymbols(globalThis).map(String);
    assert.deepEqual(
      set.filter((symbol) => symbol.includes('undici')),
      [],
    );
  });

  /** A server that says the same to everything, and counts its connections. */
  async function counting(answer = ok) {
    let count = 0;
    const origin = await bench.listen((socket) => {
      count++;
      onEachHead(socket, () => setImmediate(() => socket.write(answer)));
    });
    return { origin, connections: () => count };
  }

  it('are at most six, and kept', async () => {
    const { origin, connections } = await counting();
    const transport = bench.transport(origin);
    for (let round = 0; round < 2; round++) {
      await Promise.all(Array.from({ length: 40 }, () => discarded(transport.send(request(origin)))));
    }
    assert(connections() <= 6, `${connections()} connections`);
  });

  for (const answer of [ok, 'HTTP/1.1 204 No Content\r\n\r\n'])
    it(`carry the request right after an answer: ${answer.slice(9, 12)}`, async () => {
      const { origin, connections } = await counting(answer);
      const transport = bench.transport(origin);
      for (let times = 0; times < 5; times++)
        await discarded(transport.send(request(origin, { method: 'PUT', body: 'text' })));
      assert.equal(connections(), 1);
    });

  it('are kept after one that ended: a HEAD closes its own, and no other', async () => {
    const { origin, connections } = await counting();
    const transport = bench.transport(origin);
    for (const method of ['GET', 'HEAD', 'HEAD', ...Array.from({ length: 20 }, () => 'PROPFIND')])
      await discarded(transport.send(request(origin, { method })));
    assert.equal(connections(), 3);
  });

  it('carry what was asked for', async () => {
    const server = await bench.serve((_, reply) => reply.send(200));
    const transport = bench.transport(server.origin);
    const headers = { Depth: '0', If: '(<urn:uuid:1>)' };
    const url = `${server.origin}/a%20b/%5B1%5D?x=%26`;
    await discarded(
      transport.send(request(server.origin, { method: 'LOCK', headers, body: 'h\u00e4', url })),
    );
    const [seen] = server.requests;
    assert.deepEqual(
      [seen?.method, seen?.path, seen?.body.toString()],
      ['LOCK', '/a%20b/%5B1%5D?x=%26', 'h\u00e4'],
    );
    assert.deepEqual(
      ['depth', 'if', 'user-agent', 'content-length', 'host'].map((name) => seen?.headers[name]),
      ['0', '(<urn:uuid:1>)', 'bench', '3', new URL(server.origin).host],
    );
  });

  it('carry a body of no bytes', async () => {
    const server = await bench.serve((_, reply) => reply.send(200));
    const body = new Uint8Array(0);
    await discarded(bench.transport(server.origin).send(request(server.origin, { method: 'PUT', body })));
    assert.equal(server.requests[0]?.headers['content-length'], '0');
  });

  it('ask for compression of all but files, whose ETag it would change', async () => {
    const server = await bench.serve((_, reply) => reply.send(200));
    const transport = bench.transport(server.origin);
    for (const method of ['PROPFIND', 'GET', 'HEAD']) {
      await discarded(transport.send(request(server.origin, { method })));
    }
    const headers = { 'Accept-Encoding': 'gzip' };
    await discarded(transport.send(request(server.origin, { method: 'GET', headers })));
    assert.deepEqual(
      server.requests.map((one) => one.headers['accept-encoding']),
      ['gzip, br', 'identity', 'identity', 'gzip'],
    );
  });

  it('refuse an address of another origin', async () => {
    const server = await bench.serve((_, reply) => reply.send(200));
    const transport = bench.transport('http://127.0.0.1:1');
    await assert.rejects(transport.send(request(server.origin)), TypeError);
    assert.equal(server.requests.length, 0);
  });

  it('pass a mistake in a request on as what it is', async () => {
    const server = await bench.serve((_, reply) => reply.send(200));
    const sending = bench.transport(server.origin).send(request(server.origin, { headers: { If: 'a\nb' } }));
    await assert.rejects(sending, { code: 'UND_ERR_INVALID_ARG' });
  });

  it('tell when a request went, not when it was asked for', async () => {
    let time = 0;
    const server = await bench.serve((_, reply) => reply.send(200));
    const credentials = () => {
      time = 1000;
      return Promise.resolve(undefined);
    };
    const transport = bench.transport(server.origin, { credentials, now: () => time });
    const answer = await transport.send(request(server.origin));
    assert.equal(answer.sentAt, 1000);
    await answer.discard();
  });

  describe('that fail', () => {
    it('to a name that is none are unreachable', async () => {
      const origin = 'http://no-such-host.invalid';
      const { facts } = await failureOf(
        bench.transport(origin).send(request(origin, { method: 'PUT' })),
        'unreachable',
      );
      assert.match(facts.code ?? '', /^(ENOTFOUND|EAI_AGAIN)$/);
      assert.equal(facts.maybeDone, false);
    });

    it('to a closed port are unreachable, and logged', async () => {
      const server = await bench.serve((_, reply) => reply.send(200));
      await bench.end();
      const sending = bench.transport(server.origin).send(request(server.origin, { method: 'PUT' }));
      const { facts } = await failureOf(sending, 'unreachable');
      assert.deepEqual([facts.code, facts.maybeDone], ['ECONNREFUSED', false]);
      const [line] = bench.exchanges.splice(0);
      assert.deepEqual([line?.status, line?.failure], [undefined, 'unreachable ECONNREFUSED']);
    });

    it('after the request went are interrupted, and in doubt', async () => {
      let requests = 0;
      const origin = await bench.listen((socket) =>
        onEachHead(socket, () => {
          requests++;
          socket.resetAndDestroy();
        }),
      );
      for (const method of ['PUT', 'LOCK', 'UNLOCK']) {
        requests = 0;
        const { facts } = await failureOf(
          bench.transport(origin).send(request(origin, { method })),
          'interrupted',
        );
        assert.deepEqual([facts.maybeDone, requests], [true, 1]);
      }
    });

    it('within the head are interrupted', async () => {
      const origin = await bench.listen((socket) => onEachHead(socket, () => socket.end('HTTP/1.1 20')));
      await failureOf(bench.transport(origin).send(request(origin, { method: 'PUT' })), 'interrupted');
    });

    it('because the other side speaks no HTTP are a bad answer', async () => {
      const origin = await bench.listen((socket) =>
        onEachHead(socket, () => socket.end('SSH-2.0-OpenSSH\r\n')),
      );
      const { facts } = await failureOf(bench.transport(origin).send(request(origin)), 'badAnswer');
      assert.equal(facts.code, 'UND_ERR_HTTP_PARSER');
    });

    it('because of endless headers are a bad answer', async () => {
      const long = `X: ${'x'.repeat(100_000)}\r\n`;
      const origin = await bench.listen((socket) =>
        onEachHead(socket, () => socket.write(`HTTP/1.1 200 OK\r\n${long}\r\n`)),
      );
      await failureOf(bench.transport(origin).send(request(origin)), 'badAnswer');
    });
  });

  describe('that the server closed while they were idle', () => {
    /** Answers the first request of a connection, and closes it at the second. */
    const forgetful = async () => {
      const seen: string[] = [];
      const origin = await bench.listen((socket) => {
        let count = 0;
        onEachHead(socket, (head) => {
          seen.push(head.split(' ')[0] ?? '');
          if (count++ === 0) socket.write(ok);
          else socket.end();
        });
      });
      return { origin, seen, transport: bench.transport(origin) };
    };

    for (const method of ['GET', 'PROPFIND', 'OPTIONS']) {
      it(`are replaced for ${method}`, async () => {
        const { origin, seen, transport } = await forgetful();
        await discarded(transport.send(request(origin)));
        const answer = await transport.send(request(origin, { method }));
        assert.equal(await answer.text(), 'ok');
        assert.deepEqual(seen, ['PROPFIND', method, method]);
      });
    }

    for (const method of ['PUT', 'LOCK', 'UNLOCK', 'DELETE']) {
      it(`are not replaced for ${method}`, async () => {
        const { origin, seen, transport } = await forgetful();
        await discarded(transport.send(request(origin)));
        const { facts } = await failureOf(transport.send(request(origin, { method })), 'interrupted');
        assert.equal(facts.maybeDone, true);
        assert.deepEqual(seen, ['PROPFIND', method]);
      });
    }

    it('are replaced once', async () => {
      const seen: string[] = [];
      const origin = await bench.listen((socket) =>
        onEachHead(socket, (head) => {
          seen.push(head);
          socket.end();
        }),
      );
      await failureOf(bench.transport(origin).send(request(origin)), 'interrupted');
      assert.equal(seen.length, 2);
    });
  });
});
