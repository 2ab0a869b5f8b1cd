// A server that answers as a test tells it to: no WebDAV at all, garbage, half an answer, too much, or nothing.
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';

export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export type PlainHandler = (request: PlainRequest, reply: Reply) => void | Promise<void>;

export interface PlainServer {
  /** With a trailing slash: http://127.0.0.1:PORT/ */
  readonly url: string;
  readonly port: number;
  /** Every request so far, in the order of their arrival. */
  readonly requests: readonly PlainRequest[];
  /** Answers the coming requests with another handler. */
  answerWith(handler: PlainHandler): void;
  stop(): Promise<void>;
}

/** How one request is answered; the first call decides. Without any the client waits until the server stops. */
export class Reply {
  constructor(private readonly response: http.ServerResponse) {}

  send(
    status: number,
    headers: Record<string, string | readonly string[]> = {},
    body: string | Uint8Array = '',
  ): void {
    for (const [name, value] of Object.entries(headers)) this.response.setHeader(name, value);
    this.response.writeHead(status);
    this.response.end(body);
  }

  xml(status: number, body: string): void {
    this.send(status, { 'Content-Type': 'application/xml; charset=utf-8' }, body);
  }

  /** Promises `claimed` bytes, sends what is given and breaks the connection. */
  truncated(status: number, claimed: number, body: string): void {
    this.response.writeHead(status, {
      'Content-Length': claimed,
      'Content-Type': 'application/xml; charset=utf-8',
    });
    this.response.write(body, () => this.response.destroy());
  }

  /** Sends the head and what is given, and then nothing more. */
  stalled(status: number, body = ''): void {
    this.response.writeHead(status, { 'Content-Type': 'application/xml; charset=utf-8' });
    this.response.flushHeaders();
    if (body !== '') this.response.write(body);
  }

  /** Repeats a piece until `bytes` are sent, or until the client has had enough. */
  huge(status: number, piece: string, bytes: number): void {
    this.response.writeHead(status, { 'Content-Type': 'application/xml; charset=utf-8' });
    let left = bytes;
    const more = (): void => {
      while (left > 0 && !this.response.destroyed) {
        left -= piece.length;
        if (!this.response.write(piece)) return void this.response.once('drain', more);
      }
      this.response.end();
    };
    more();
  }

  /** Puts bytes on the wire that need not be HTTP, and closes the connection. */
  raw(bytes: string | Uint8Array): void {
    this.response.socket?.end(bytes);
  }

  reset(): void {
    this.response.socket?.resetAndDestroy();
  }
}

export async function startPlainServer(handler: PlainHandler): Promise<PlainServer> {
  const requests: PlainRequest[] = [];
  const mistakes: unknown[] = [];
  let current = handler;
  const server = http.createServer((incoming, response) => {
    void (async () => {
      try {
        const parts: Buffer[] = [];
        for await (const part of incoming) parts.push(part as Buffer);
        const request: PlainRequest = {
          method: incoming.method ?? '',
          path: incoming.url ?? '',
          headers: incoming.headers,
          body: Buffer.concat(parts),
        };
        requests.push(request);
        await current(request, new Reply(response));
      } catch (error) {
        // A client that left in the middle of its request is part of many tests; anything else is the test's mistake.
        if (!incoming.readableAborted) mistakes.push(error);
        response.destroy();
      }
    })();
  });
  const port = await listenOnFreePort(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    requests,
    answerWith: (next) => {
      current = next;
    },
    stop: async () => {
      await closeWithConnections(server);
      if (mistakes.length > 0) throw new AggregateError(mistakes, 'The handler failed');
    },
  };
}

/** The listing of a folder with nothing in it (RFC 4918 section 9.1). */
export const emptyFolder = (path: string): string =>
  `<D:multistatus xmlns:D="DAV:"><D:response><D:href>${path}</D:href><D:propstat><D:prop><D:resourcetype>` +
  '<D:collection/></D:resourcetype></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>' +
  '</D:multistatus>';

export async function listenOnFreePort(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port on 127.0.0.1');
  return address.port;
}

export async function closeWithConnections(server: http.Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
