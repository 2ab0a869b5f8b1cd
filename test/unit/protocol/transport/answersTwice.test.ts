import assert from 'node:assert/strict';
import { once } from 'node:events';
import type net from 'node:net';
import type { TransportOptions } from '../../../../src/protocol/transport/http';
import { Bench, onEachHead, request } from './bench';

const text = (of: number) => `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${of}`;

describe('A server or a proxy that answers a request twice', () => {
  const bench = new Bench();
  const now = performance.now.bind(performance);
  afterEach(async () => {
    performance.now = now;
    await bench.end();
  });

  /** Answers with the number of the connection, then does what comes after the first answer of all. */
  const answering = async (
    afterFirst: (socket: net.Socket) => void,
    options: (origin: string) => Partial<TransportOptions> & { readonly to?: string } = () => ({}),
  ) => {
    const sockets: net.Socket[] = [];
    let answers = 0;
    const own = await bench.listen((socket) => {
      const connection = sockets.push(socket);
      onEachHead(socket, () => {
        socket.write(text(connection));
        if ((answers += 1) === 1) afterFirst(socket);
      });
    });
    const { to = own, ...more } = options(own);
    const transport = bench.transport(to, more);
    const ask = async () => (await transport.send(request(to, { method: 'GET' }))).text();
    /** The first connection, when it has closed. */
    const firstClosed = async () => {
      const [first] = sockets;
      if (first && !first.destroyed) await once(first, 'close');
    };
    return { transport, ask, firstClosed, sockets };
  };

  it('gets each request over a connection of its own, from the second answer on', async () => {
    const it = await answering((socket) => socket.write(text(0)));
    assert.equal(it.transport.answersTwice, false);
    assert.equal(await it.ask(), '1');
    await it.firstClosed();
    assert.deepEqual([await it.ask(), await it.ask(), await it.ask()], ['2', '3', '4']);
    assert.equal(it.transport.answersTwice, true);
  });

  it('is known by an answer that another request cannot have, also behind a proxy', async () => {
    const through = (origin: string) => ({ to: 'http://dav.test', proxy: { url: origin } });
    for (const options of [undefined, through]) {
      const { transport, ask, sockets } = await answering(() => undefined, options);
      await ask();
      sockets[0]?.removeAllListeners('data');
      sockets[0]?.on('data', () =>
        sockets[0]?.write('HTTP/1.1 207 Multi-Status\r\nContent-Length: 0\r\n\r\n'),
      );
      assert.deepEqual([await ask(), await ask()], ['2', '3']);
      assert.equal(transport.answersTwice, true);
    }
  });

  it('is not one that says much later that a connection was idle for too long', async () => {
    const it = await answering(() => undefined);
    await it.ask();
    performance.now = () => now() + 2_000;
    it.sockets[0]?.write('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n');
    await it.firstClosed();
    assert.deepEqual([await it.ask(), await it.ask()], ['2', '2']);
    assert.equal(it.transport.answersTwice, false);
  });

  it('is not one that closes a connection', async () => {
    const it = await answering((socket) => socket.end());
    await it.ask();
    await it.firstClosed();
    assert.deepEqual([await it.ask(), await it.ask()], ['2', '2']);
  });
});
