// What stands before the editor in the browser: a short address that opens the folder, and the key with which the page
// keeps its secrets. Without that key, which only code-server's own entry gives, a reload would forget the password.
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { closeWithConnections, listenOnFreePort } from '../servers/plain';

export interface FrontDoor {
  /** With a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

const host = '127.0.0.1';

export async function openFrontDoor(editorPort: number, folder: string): Promise<FrontDoor> {
  const key = randomBytes(32);
  const door = http.createServer((request, response) => {
    if (request.method === 'POST' && request.url?.endsWith('/mint-key') === true) response.end(key);
    else if (request.url === '/') response.writeHead(302, { location: `/?folder=${folder}` }).end();
    else passOn(request, response, editorPort);
  });
  const tunnels = new Set<net.Socket>();
  door.on('upgrade', (request: http.IncomingMessage, socket: net.Socket, head: Buffer) => {
    const editor = net.connect(editorPort, host, () => {
      editor.write(headOf(request));
      editor.write(head);
      socket.pipe(editor).pipe(socket);
    });
    for (const [one, other] of [
      [socket, editor],
      [editor, socket],
    ] as const) {
      tunnels.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        tunnels.delete(one);
        other.destroy();
      });
    }
  });
  const port = await listenOnFreePort(door);
  return {
    url: `http://${host}:${port}/`,
    close: async () => {
      for (const socket of tunnels) socket.destroy();
      await closeWithConnections(door);
    },
  };
}

function passOn(request: http.IncomingMessage, response: http.ServerResponse, port: number): void {
  const { method, url: path, headers } = request;
  const onward = http.request({ host, port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

function headOf({ method, url, rawHeaders }: http.IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
