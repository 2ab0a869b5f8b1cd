// What a test of the transport needs around it: servers on loopback, transports, and an end to all of them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { RemoteFailure, type FailureKind } from '../../../../src/core/model/failure';
import { resourceId } from '../../../../src/core/model/resource';
import { Secret } from '../../../../src/core/model/secret';
import type {
  Credentials,
  Exchange,
  HttpRequest,
  Transport,
  TransportOptions,
} from '../../../../src/protocol/transport/http';
import { createTransport } from '../../../../src/protocol/transport/transport';
import {
  listenOnFreePort,
  startPlainServer,
  type PlainHandler,
  type PlainServer,
} from '../../../support/servers/plain';

export const alice: Credentials = { user: 'alice', password: new Secret('alice-pw') };

export class Bench {
  /** What was logged, in its order. */
  readonly exchanges: Exchange[] = [];
  private readonly listeners: ((exchange: Exchange) => void)[] = [];
  private readonly ends: (() => Promise<void>)[] = [];

  async serve(handler: PlainHandler): Promise<PlainServer & { readonly origin: string }> {
    const server = await startPlainServer(handler);
    this.ends.push(() => server.stop());
    return Object.assign(server, { origin: new URL(server.url).origin });
  }

  /** A server below HTTP: told of every connection. Gives its origin. */
  async listen(connected: (socket: net.Socket) => void): Promise<string> {
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      connected(socket);
    });
    const port = await listenOnFreePort(server);
    this.ends.push(async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    });
    return `http://127.0.0.1:${port}`;
  }

  transport(origin: string, options: Partial<TransportOptions> = {}): Transport {
    const transport = createTransport({
      origin,
      credentials: () => Promise.resolve(undefined),
      userAgent: 'bench',
      now: () => performance.now(),
      onExchange: (exchange) => {
        this.exchanges.push(exchange);
        this.listeners.shift()?.(exchange);
      },
      ...options,
    });
    this.ends.push(() => transport.close());
    return transport;
  }

  /** Resolves with the log's next line. */
  logged(): Promise<Exchange> {
    return new Promise((resolve) => this.listeners.push(resolve));
  }

  async end(): Promise<void> {
    for (let end = this.ends.pop(); end; end = this.ends.pop()) await end();
    this.exchanges.length = 0;
    this.listeners.length = 0;
  }
}

export function request(origin: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const url = more.url ?? `${origin}/a`;
  return { method: 'PROPFIND', resource: resourceId(url), url, ...more };
}

/** The failure that a promise is rejected with, which must be of this kind. */
export async function failureOf(promise: Promise<unknown>, kind: FailureKind): Promise<RemoteFailure> {
  try {
    await promise;
  } catch (error) {
    assert(error instanceof RemoteFailure, String(error));
    assert.equal(error.kind, kind, error.message);
    return error;
  }
  throw new assert.AssertionError({ message: `no failure; expected ${kind}` });
}

/** Whole requests without bodies, as they come over a raw connection. */
export function onEachHead(socket: net.Socket, answer: (head: string) => void): void {
  let seen = '';
  socket.on('data', (data) => {
    seen += data.toString('latin1');
    for (let end = seen.indexOf('\r\n\r\n'); end >= 0; end = seen.indexOf('\r\n\r\n')) {
      const head = seen.slice(0, end);
      seen = seen.slice(end + 4);
      answer(head);
    }
  });
}
