// Counts the bytes of both directions between a client and a server, headers and all, and may bring them late.
import net from 'node:net';
import { listenOnFreePort } from '../support/servers/plain';

export interface Relay {
  readonly url: string;
  bytes(): number;
  stop(): void;
}

/** In the bench no request is so long that its first line comes in two parts. */
const firstLine = /[A-Z]+ \/\S* HTTP\/1\.1(?=\r\n)/g;

/**
 * @param delayMs how long each byte is under way, in either direction: half a round trip. A new connection takes a whole
 *   one before the first byte can be sent.
 * @param onRequest is told the first line of each request when the client has sent it.
 */
export async function startRelay(
  port: number,
  delayMs = 0,
  onRequest?: (line: string) => void,
): Promise<Relay> {
  let bytes = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) socket.setNoDelay(true);
    const openAt = performance.now() + 2 * delayMs;
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      const late = inTurn(delayMs, openAt);
      from.on('data', (data) => {
        bytes += data.length;
        if (from === client && onRequest)
          for (const [line] of data.toString('latin1').matchAll(firstLine)) onRequest(line);
        late(() => to.write(data));
      });
      from.on('close', () => late(() => to.destroy()));
      // Whoever ends first ends the other: the count is all that matters here.
      from.on('error', () => to.destroy());
    }
  });
  const own = await listenOnFreePort(server);
  return {
    url: `http://127.0.0.1:${own}/`,
    bytes: () => bytes,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Runs each late, and in their order: timers of different lengths that end together may end in any order. */
function inTurn(delayMs: number, openAt: number): (run: () => void) => void {
  const waiting: (() => void)[] = [];
  return (run) => {
    if (delayMs === 0) return run();
    waiting.push(run);
    const untilOpen = Math.max(0, openAt - performance.now());
    setTimeout(() => waiting.shift()?.(), untilOpen + delayMs);
  };
}
