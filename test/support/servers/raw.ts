// A server below HTTP: what it answers is written byte by byte, and may be anything.
import { once } from 'node:events';
import net from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { listenOnFreePort } from './plain';

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** The request line and the headers as they came. */
  readonly head: string;
}

/** Bytes, where the texts `close` and `reset` end the connection; a piece sent many times; one sent again and again. */
export type Step =
  | string
  | Uint8Array
  | { readonly piece: string | Uint8Array; readonly times: number }
  | { readonly drip: string; readonly everyMs: number };

/** The answer to a request, the first of them being number 1. */
export type Script = (request: RawRequest, number: number) => readonly Step[];

export interface RawServer {
  readonly origin: string;
  readonly port: number;
  readonly requests: RawRequest[];
  /** Connections so far. */
  readonly connections: () => number;
  /** Answers the coming requests by another script, and forgets those so far. */
  follow(script: Script): void;
  stop(): Promise<void>;
}

export async function startRawServer(first: Script = () => []): Promise<RawServer> {
  let script = first;
  let connections = 0;
  const requests: RawRequest[] = [];
  const sockets = new Set<net.Socket>();
  const timers = new Set<NodeJS.Timeout>();
  const server = net.createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    // Each wait for a slow reader listens for an error of its own.
    socket.setMaxListeners(0);
    socket.on('close', () => sockets.delete(socket));
    // A client that has heard enough hangs up in the middle of an answer: that is what many cases are about.
    socket.on('error', () => socket.destroy());
    let seen = '';
    socket.on('data', (data) => {
      seen += data.toString('latin1');
      for (let request = taken(); request; request = taken()) {
        requests.push(request);
        void play(socket, script(request, requests.length), timers);
      }
    });
    const taken = (): RawRequest | undefined => {
      const end = seen.indexOf('\r\n\r\n');
      if (end < 0) return undefined;
      const head = seen.slice(0, end);
      const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (seen.length < end + 4 + length) return undefined;
      seen = seen.slice(end + 4 + length);
      const [method = '', path = ''] = head.split(' ', 2);
      return { method, path, head };
    };
  });
  const port = await listenOnFreePort(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => connections,
    follow: (next) => {
      script = next;
      requests.length = 0;
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function play(socket: net.Socket, steps: readonly Step[], timers: Set<NodeJS.Timeout>): Promise<void> {
  for (const step of steps) {
    if (socket.destroyed) return;
    if (step === 'close') socket.end();
    else if (step === 'reset') socket.resetAndDestroy();
    else if (typeof step === 'string') socket.write(step, 'latin1');
    else if (step instanceof Uint8Array) socket.write(step);
    else if ('drip' in step) {
      const timer = setInterval(() => socket.write(step.drip), step.everyMs);
      timers.add(timer);
      socket.once('close', () => clearInterval(timer));
    } else {
      for (let left = step.times; left > 0 && !socket.destroyed; left--)
        if (!socket.write(step.piece)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
      await turn();
    }
  }
}
