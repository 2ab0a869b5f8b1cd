import assert from 'node:assert/strict';
import { once } from 'node:events';
import type net from 'node:net';
import { Secret } from '../../../../src/core/model/secret';
import { alice, Bench, failureOf, onEachHead, request } from './bench';

describe('requests to a silent server', () => {
  const bench = new Bench();
  afterEach(() => bench.end());

  const silent = async () => {
    const arrived: ((socket: net.Socket) => void)[] = [];
    let heads = 0;
    const origin = await bench.listen((socket) =>
      onEachHead(socket, () => {
        heads += 1;
        arrived.shift()?.(socket);
      }),
    );
    const next = () => new Promise<net.Socket>((resolve) => arrived.push(resolve));
    return { origin, next, heads: () => heads };
  };

  /** How a request ends that has arrived: on a busy machine the time may be up before, and then it is sent again. */
  const timedOut = async (heads: () => number, send: (headersMs: number) => Promise<unknown>) => {
    for (let headersMs = 50; ; headersMs *= 2) {
      const before = heads();
      const failure = await failureOf(send(headersMs), 'timeout');
      if (heads() > before) return failure;
    }
  };

  it('run into the deadline, in doubt for what does more than ask', async () => {
    const { origin, heads } = await silent();
    const transport = bench.transport(origin);
    for (const [method, doubt] of [
      ['PUT', true],
      ['PROPFIND', false],
    ] as const) {
      const { facts } = await timedOut(heads, (headersMs) =>
        transport.send(request(origin, { method, headersMs })),
      );
      assert.deepEqual([facts.code, facts.maybeDone], ['HEADERS', doubt]);
    }
  });

  it('count the deadline from the start over all that follows', async () => {
    const { origin, next, heads } = await silent();
    void next().then((socket) =>
      socket.write('HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n'),
    );
    const transport = bench.transport(origin);
    await timedOut(heads, (headersMs) => transport.send(request(origin, { headersMs })));
  });

  it('are canceled, and the server sees them go', async () => {
    const { origin, next } = await silent();
    const controller = new AbortController();
    const sending = bench
      .transport(origin)
      .send(request(origin, { method: 'PUT', signal: controller.signal }));
    const socket = await next();
    const gone = once(socket, 'close');
    controller.abort();
    const { facts } = await failureOf(sending, 'canceled');
    assert.equal(facts.maybeDone, true);
    await gone;
  });

  it('are canceled before anything is sent', async () => {
    const { origin } = await silent();
    const transport = bench.transport(origin);
    const sending = transport.send(request(origin, { method: 'PUT', signal: AbortSignal.abort() }));
    assert.equal((await failureOf(sending, 'canceled')).facts.maybeDone, false);
  });

  it('are not waited for by what queues behind them', async () => {
    const { origin, next } = await silent();
    const transport = bench.transport(origin);
    const controller = new AbortController();
    const seen = Array.from({ length: 6 }, next);
    const { signal } = controller;
    const holding = Array.from({ length: 6 }, () =>
      failureOf(transport.send(request(origin, { signal })), 'canceled'),
    );
    await Promise.all(seen);
    const own = new AbortController();
    const timedOut = transport.send(request(origin, { method: 'PUT', headersMs: 30 }));
    const canceled = transport.send(request(origin, { method: 'PUT', signal: own.signal }));
    const refused = failureOf(canceled, 'canceled');
    own.abort();
    assert.equal((await refused).facts.maybeDone, false);
    assert.equal((await failureOf(timedOut, 'timeout')).facts.maybeDone, false);
    controller.abort();
    await Promise.all(holding);
  });

  it('free those who wait for the first to be challenged', async () => {
    const { origin, next } = await silent();
    const transport = bench.transport(origin, { credentials: () => Promise.resolve(alice) });
    const arrived = next();
    const [one, other] = [new AbortController(), new AbortController()];
    const first = failureOf(transport.send(request(origin, { signal: one.signal })), 'canceled');
    const waiting = failureOf(transport.send(request(origin, { signal: other.signal })), 'canceled');
    await arrived;
    const patient = transport.send(request(origin, { method: 'OPTIONS', headersMs: 1_000 }));
    other.abort();
    await waiting;
    const second = next();
    one.abort();
    await first;
    (await second).write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    assert.equal((await patient).status, 200);
  });

  it('are not waited for by others that have a token', async () => {
    const { origin, next } = await silent();
    let asked = 0;
    const credentials = () => {
      asked++;
      return Promise.resolve({ ...alice, token: new Secret('t') });
    };
    const transport = bench.transport(origin, { credentials });
    const controller = new AbortController();
    const { signal } = controller;
    const sending: Promise<unknown>[] = [];
    for (let times = 0; times < 2; times++) {
      const arrived = next();
      sending.push(failureOf(transport.send(request(origin, { signal })), 'canceled'));
      await arrived;
    }
    assert.equal(asked, 1);
    controller.abort();
    await Promise.all(sending);
  });

  it('are refused by a transport that closed unused', async () => {
    const server = await bench.serve((_, reply) => reply.send(200));
    const transport = bench.transport(server.origin);
    await transport.close();
    await failureOf(transport.send(request(server.origin)), 'canceled');
    assert.equal(server.requests.length, 0);
  });

  it('end when the transport closes', async () => {
    const { origin, next } = await silent();
    const transport = bench.transport(origin);
    const arrived = next();
    const sending = failureOf(transport.send(request(origin, { method: 'PUT' })), 'canceled');
    await arrived;
    await transport.close();
    assert.equal((await sending).facts.maybeDone, true);
    await failureOf(transport.send(request(origin)), 'canceled');
    await transport.close();
  });

  it('run into the deadline while the credentials are asked for', async () => {
    const server = await bench.serve((_, reply) => reply.send(200));
    const credentials = () => new Promise<undefined>(() => undefined);
    const transport = bench.transport(server.origin, { credentials });
    await failureOf(transport.send(request(server.origin, { headersMs: 30 })), 'timeout');
  });

  it('leave no listener behind on a signal that lives on', async () => {
    const server = await bench.serve((_, reply) => reply.send(200, {}, 'x'));
    const transport = bench.transport(server.origin);
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    for (let times = 0; times < 3; times++) {
      await (await transport.send(request(server.origin, { signal }))).bytes();
    }
    assert(listeners <= 0, `${listeners} listeners`);
  });
});
