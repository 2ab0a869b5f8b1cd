import assert from 'node:assert/strict';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import type { HttpAnswer } from '../../../../src/protocol/transport/http';
import { Bench, failureOf, onEachHead, request } from './bench';

describe('the body of an answer', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  const answering = async (headers: Record<string, string>, body: string | Uint8Array, status = 207) => {
    const server = await bench.serve((_, reply) => reply.send(status, headers, body));
    return { server, transport: bench.transport(server.origin) };
  };
  /** The bytes as they are, and then the end of the connection. */
  const answeringRaw = async (bytes: string | Uint8Array) => {
    const origin = await bench.listen((socket) => onEachHead(socket, () => socket.end(bytes)));
    return bench.transport(origin).send(request(origin, { method: 'PUT' }));
  };

  it('comes as bytes, as text and in chunks', async () => {
    const { server, transport } = await answering({}, 'h\u00e4');
    const send = () => transport.send(request(server.origin));
    assert.deepEqual([...(await (await send()).bytes())], [...Buffer.from('h\u00e4')]);
    assert.equal(await (await send()).text(), 'h\u00e4');
    assert.equal(await (await send()).text(2), 'h\ufffd');
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await send()).chunks()) chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).toString(), 'h\u00e4');
  });

  it('gives its status and headers in lower case, repeated ones joined', async () => {
    const server = await bench.serve((_, reply) => reply.send(207, { DAV: ['1,2', '3'], ETag: '"x"' }));
    const answer = await bench.transport(server.origin).send(request(server.origin));
    assert.deepEqual([answer.status, answer.headers['dav'], answer.headers['etag']], [207, '1,2, 3', '"x"']);
    await answer.discard();
  });

  it('leaves the connection to the next request', async () => {
    let connections = 0;
    const origin = await bench.listen((socket) => {
      connections++;
      onEachHead(socket, () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'));
    });
    const transport = bench.transport(origin);
    for (let times = 0; times < 3; times++) await (await transport.send(request(origin))).bytes();
    assert.equal(connections, 1);
  });

  it('is read no further than is wanted', async () => {
    const server = await bench.serve((_, reply) => reply.stalled(207, 'hello'));
    const answer = await bench.transport(server.origin).send(request(server.origin));
    assert.equal(await answer.text(2), 'he');
  });

  it('is read once', async () => {
    const { server, transport } = await answering({}, 'x');
    const answer = await transport.send(request(server.origin));
    await answer.bytes();
    await assert.rejects(answer.bytes(), TypeError);
  });

  it('is empty for HEAD, 204, 304 and length 0, whatever the headers say', async () => {
    for (const [method, status, length] of [
      ['HEAD', 200, {}],
      ['GET', 204, {}],
      ['GET', 304, {}],
      ['GET', 200, { 'Content-Length': '0' }],
    ] as const) {
      const { server, transport } = await answering({ 'Content-Encoding': 'gzip', ...length }, '', status);
      const answer = await transport.send(request(server.origin, { method }));
      assert.equal(answer.status, status);
      assert.equal(await answer.text(), '');
      // Nobody need read what is not there.
      const logged = bench.logged();
      await transport.send(request(server.origin, { method }));
      assert.deepEqual([(await logged).status, (await logged).failure], [status, undefined]);
    }
  });

  describe('cut short', () => {
    const rows: readonly (readonly [string, string])[] = [
      ['of its length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello'],
      ['of its length, closing', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhello'],
      ['within a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello'],
      ['between chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
    ];
    for (const [what, bytes] of rows) {
      it(`${what} is interrupted, and in doubt`, async () => {
        const answer = await answeringRaw(bytes);
        const failure = await failureOf(answer.bytes(), 'interrupted');
        assert.deepEqual([failure.status, failure.facts.maybeDone], [200, true]);
      });
    }

    it('between chunks though the connection was to end is a bad answer', async () => {
      const head = 'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n';
      const answer = await answeringRaw(`${head}\r\n5\r\nhello\r\n`);
      await failureOf(answer.bytes(), 'badAnswer');
    });

    it('is whole where the end of the connection is its end', async () => {
      const answer = await answeringRaw('HTTP/1.1 200 OK\r\n\r\nhello');
      assert.equal(await answer.text(), 'hello');
    });
  });

  it('in chunks of nonsense is refused', async () => {
    const answer = await answeringRaw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n');
    await failureOf(answer.bytes(), 'badAnswer');
  });

  describe('that never ends', () => {
    const stalled = async (more: { bodyMs?: number; signal?: AbortSignal } = {}): Promise<HttpAnswer> => {
      const server = await bench.serve((_, reply) => reply.stalled(207, 'x'));
      return bench.transport(server.origin).send(request(server.origin, more));
    };

    it('runs into its deadline', async () => {
      const failure = await failureOf((await stalled({ bodyMs: 30 })).bytes(), 'timeout');
      assert.deepEqual([failure.facts.code, failure.status], ['BODY', 207]);
    });

    it('runs into its deadline though it drips', async () => {
      const origin = await bench.listen((socket) =>
        onEachHead(socket, () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          const drip = setInterval(() => socket.write('x'), 5);
          socket.on('close', () => clearInterval(drip));
        }),
      );
      const answer = await bench.transport(origin).send(request(origin, { bodyMs: 300 }));
      await failureOf(answer.bytes(), 'timeout');
    });

    it('lets go of the connection when nobody reads it', async () => {
      let gone: Promise<unknown> | undefined;
      const origin = await bench.listen((socket) => {
        gone = once(socket, 'close');
        onEachHead(socket, () => socket.write('HTTP/1.1 200 OK\r\n\r\nx'));
      });
      await bench.transport(origin).send(request(origin, { bodyMs: 30 }));
      await gone;
    });

    it('is canceled', async () => {
      const controller = new AbortController();
      const answer = await stalled({ signal: controller.signal });
      const reading = answer.bytes();
      controller.abort();
      await failureOf(reading, 'canceled');
    });

    it('is canceled before it is read', async () => {
      const controller = new AbortController();
      const answer = await stalled({ signal: controller.signal });
      controller.abort();
      await failureOf(answer.bytes(), 'canceled');
    });

    it('is canceled within a compressed one', async () => {
      const server = await bench.serve((_, reply) => {
        reply.send(
          200,
          { 'Content-Encoding': 'gzip', 'Content-Length': '1000' },
          gzipSync('x').subarray(0, 12),
        );
      });
      const controller = new AbortController();
      const answer = await bench
        .transport(server.origin)
        .send(request(server.origin, { signal: controller.signal }));
      const reading = answer.bytes();
      controller.abort();
      await failureOf(reading, 'canceled');
    });
  });

  describe('that nobody wants', () => {
    it('leaves the connection to the next request', async () => {
      let connections = 0;
      const origin = await bench.listen((socket) => {
        connections++;
        onEachHead(socket, () =>
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n' + 'x'.repeat(30_000)),
        );
      });
      const transport = bench.transport(origin);
      for (let times = 0; times < 3; times++) await (await transport.send(request(origin))).discard();
      assert.equal(connections, 1);
      assert.deepEqual(
        bench.exchanges.splice(0).map(({ status, failure }) => [status, failure]),
        Array(3).fill([200, undefined]),
      );
    });

    it('is let go of when it is long', async () => {
      const server = await bench.serve((_, reply) => reply.huge(200, 'x'.repeat(1000), 1e9));
      await (await bench.transport(server.origin).send(request(server.origin))).discard();
      assert.equal(bench.exchanges.splice(0)[0]?.failure, undefined);
    });

    it('is let go of when it never ends, or its caller gives up', async () => {
      const server = await bench.serve((_, reply) => reply.stalled(200, 'x'));
      const transport = bench.transport(server.origin);
      await (await transport.send(request(server.origin))).discard();
      const controller = new AbortController();
      const answer = await transport.send(request(server.origin, { signal: controller.signal }));
      const discarding = answer.discard();
      controller.abort();
      await discarding;
    });

    it('may be left half read', async () => {
      let gone: Promise<unknown> | undefined;
      const origin = await bench.listen((socket) => {
        gone = once(socket, 'close');
        onEachHead(socket, () => socket.write('HTTP/1.1 200 OK\r\n\r\nhello'));
      });
      const answer = await bench.transport(origin).send(request(origin));
      for await (const chunk of answer.chunks()) {
        assert.equal(Buffer.from(chunk).toString(), 'hello');
        break;
      }
      await gone;
      await answer.discard();
      assert.deepEqual(
        bench.exchanges.splice(0).map(({ failure }) => failure),
        [undefined],
      );
    });
  });

  it('is logged when it failed, once', async () => {
    const answer = await answeringRaw(
      'HTTP/1.1 200 OK\r\nX-Request-Id: r1\r\nContent-Length: 10\r\n\r\nhello',
    );
    await failureOf(answer.bytes(), 'interrupted');
    const [line, ...more] = bench.exchanges.splice(0);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [line?.method, line?.status, line?.failure, line?.requestId],
      ['PUT', 200, 'interrupted UND_ERR_SOCKET', 'r1'],
    );
  });

  it('is none the worse for a log that fails', async () => {
    const server = await bench.serve((_, reply) => reply.send(500, {}, 'no'));
    const faults: unknown[] = [];
    const transport = bench.transport(server.origin, {
      onExchange: () => {
        throw new URIError('URI malformed');
      },
      onFault: (error) => faults.push(error),
    });
    const answer = await transport.send(request(server.origin));
    assert.equal(await answer.text(), 'no');
    await (await transport.send(request(server.origin))).discard();
    assert.equal(faults.length, 2);
  });
});
