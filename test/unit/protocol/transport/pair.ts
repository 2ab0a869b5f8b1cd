// A server that answers by the requests that have come over a connection, and a write with a look right behind it.
import { once } from 'node:events';
import type net from 'node:net';
import tls from 'node:tls';
import type { HttpAnswer, HttpRequest } from '../../../../src/protocol/transport/http';
import type { Certificate } from '../../../support/servers/certificate';
import { alice, type Bench, request } from './bench';

export const challenge =
  'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="dav"\r\nContent-Length: 0\r\n\r\n';
export const found = 'HTTP/1.1 207 Multi-Status\r\nContent-Length: 2\r\n\r\nok';
export const closing = 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n';
export const written = 'HTTP/1.1 204 No Content\r\n\r\n';

/** What has come over one connection, request by request. */
export interface Arrived {
  readonly method: string;
  readonly isSigned: boolean;
  /** The number of its connection, from 1. */
  readonly connection: number;
}

export type Answering = (arrived: readonly Arrived[], socket: net.Socket) => void;

/** Answers as scripted, by the requests that have come over the connection so far, unless its manner is another. */
export async function serve(bench: Bench, answer: Answering, certificate?: Certificate) {
  const manner: { greet?: (socket: net.Socket) => void; challenge?: (socket: net.Socket) => void } = {};
  const all: Arrived[] = [];
  const sockets: net.Socket[] = [];
  const connected = (socket: net.Socket) => {
    const arrived: Arrived[] = [];
    const connection = sockets.push(socket);
    let rest = '';
    socket.on('data', (data) => {
      rest += data.toString('latin1');
      for (;;) {
        const end = rest.indexOf('\r\n\r\n');
        const head = rest.slice(0, end);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (end < 0 || rest.length < end + 4 + length) return;
        rest = rest.slice(end + 4 + length);
        const one = {
          method: head.split(' ')[0] ?? '',
          isSigned: /authorization:/i.test(head),
          connection,
        };
        arrived.push(one);
        all.push(one);
        if (one.isSigned) answer(arrived, socket);
        else (manner.challenge ?? ((socket) => socket.write(challenge)))(socket);
      }
    });
  };
  const origin = await bench.listen((socket) => {
    if (manner.greet) return manner.greet(socket);
    if (!certificate) return connected(socket);
    const { certificate: cert, key } = certificate;
    const secure = new tls.TLSSocket(socket, { isServer: true, cert, key });
    secure.on('error', () => socket.destroy());
    connected(secure);
  });
  const to = certificate ? origin.replace('http://127.0.0.1', 'https://localhost') : origin;
  const transport = bench.transport(to, {
    credentials: () => Promise.resolve(alice),
    ...(certificate && { ca: [certificate.certificate] }),
  });
  const ask = async () => (await transport.send(request(to))).discard();
  const put = (more: Partial<HttpRequest> = {}, look: Partial<HttpRequest> = {}) => {
    const looks: Promise<HttpAnswer>[] = [];
    const next = {
      request: request(to, { body: '<propfind/>', ...look }),
      onSent: (look: Promise<HttpAnswer>) => {
        look.catch(() => undefined);
        looks.push(look);
      },
    };
    const sent = transport.send(request(to, { method: 'PUT', body: 'text', next, ...more }));
    return { sent, looks };
  };
  /** As servers do with connections that nobody has used for a while. */
  const closeIdle = async () => {
    const closing = sockets.filter((socket) => !socket.destroyed);
    await Promise.all(closing.map((socket) => once(socket.end(), 'close')));
  };
  return { all, ask, put, manner, closeIdle, close: () => transport.close() };
}

export const isPair = (arrived: readonly Arrived[]) =>
  arrived.at(-1)?.method === 'PROPFIND' && arrived.at(-2)?.method === 'PUT';
export const methods = (arrived: readonly Arrived[]) => arrived.map(({ method }) => method).join(' ');

/** Each PUT waits for the request behind it. */
export const together =
  (answer: (socket: net.Socket) => void): Answering =>
  (arrived, socket) => {
    if (isPair(arrived)) answer(socket);
    else if (arrived.at(-1)?.method !== 'PUT') socket.write(found);
  };

/** Answers each request for itself. */
export const apart: Answering = (arrived, socket) =>
  void socket.write(arrived.at(-1)?.method === 'PUT' ? written : found);

/** What may go wrong with the second request after the first was answered. */
export const breaks: Readonly<Record<string, (socket: net.Socket) => void>> = {
  'the connection closes after the first answer': (socket) => socket.end(written),
  'the connection is reset after the first answer': (socket) =>
    socket.write(written, () => setImmediate(() => socket.resetAndDestroy())),
  'the first answer closes the connection': (socket) => socket.end(closing),
  'the second answer is cut off': (socket) => socket.end(written + found.slice(0, -1)),
  'the second answer is no HTTP': (socket) => socket.end(`${written}garbage\r\n\r\n`),
};
