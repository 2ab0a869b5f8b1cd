// A write and the look behind it over a connection that was just opened, and what may go wrong with it: nothing is taken
// for saved that is not there.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { failureOf, OnServer } from '../support/core/onServer';
import { listenOnFreePort } from '../support/servers/plain';

const base = 'base';
const text = 'my new text';

interface Asked {
  readonly method: string;
  readonly ifMatch?: string | undefined;
  readonly body: string;
}

/** What becomes of a PUT: called when it has come, and when the request behind it has come as well. */
interface Fate {
  /** Nothing that speaks against two at once: they are sent so again. */
  readonly goesOn?: true;
  readonly onPut?: (socket: net.Socket, server: FragileServer, put: Asked) => void;
  readonly onPair?: (socket: net.Socket, server: FragileServer, put: Asked) => void;
}

/** Versions have strong tags; the way to it has a mind of its own. */
class FragileServer {
  holds = base;
  puts = 0;
  /** Until it has befallen a PUT. */
  fate: Fate | undefined;
  /** Somebody else holds the lock. */
  isLocked = false;
  private readonly sockets = new Set<net.Socket>();
  private readonly server = net.createServer((socket) => this.connected(socket));

  async start(): Promise<string> {
    return `http://127.0.0.1:${await listenOnFreePort(this.server)}/`;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async closeIdle(): Promise<void> {
    await Promise.all([...this.sockets].map((socket) => once(socket.end(), 'close')));
  }

  private connected(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket)).on('error', () => socket.destroy());
    let rest = '';
    let before: Asked | undefined;
    socket.on('data', (data) => {
      rest += data.toString('latin1');
      for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
        const head = rest.slice(0, end);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (rest.length < end + 4 + length) return;
        const asked = {
          method: head.split(' ')[0] ?? '',
          ifMatch: /if-match: "(.*)"/i.exec(head)?.[1],
          body: rest.slice(end + 4, end + 4 + length),
        };
        rest = rest.slice(end + 4 + length);
        if (!/authorization:/i.test(head))
          socket.write(reply(401, 'WWW-Authenticate: Basic realm="dav"\r\n'));
        else if (before && asked.method === 'PROPFIND') {
          const { fate } = this;
          this.fate = undefined;
          fate?.onPair?.(socket, this, before);
          before = undefined;
        } else if (asked.method === 'PUT' && this.fate) {
          this.puts += 1;
          if (this.fate.onPair) before = asked;
          else {
            const { fate } = this;
            this.fate = undefined;
            fate.onPut?.(socket, this, asked);
          }
        } else {
          if (asked.method === 'PUT') this.puts += 1;
          socket.write(this.answer(asked));
        }
      }
    });
  }

  answer({ method, ifMatch, body }: Asked): string {
    if (method === 'PROPFIND') return reply(207, 'Content-Type: application/xml\r\n', this.listing());
    if (method === 'GET') return reply(200, `ETag: "${this.holds}"\r\n`, this.holds);
    if (method !== 'PUT') return reply(405);
    if (this.isLocked) return reply(423);
    if (ifMatch !== undefined && ifMatch !== this.holds) return reply(412);
    this.holds = body;
    return reply(204);
  }

  listing(): string {
    const lock = `<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope><D:exclusive/></D:lockscope><D:depth>0</D:depth>
<D:owner>Bob</D:owner><D:timeout>Second-600</D:timeout><D:locktoken><D:href>urn:uuid:bob</D:href></D:locktoken></D:activelock>`;
    return `<D:multistatus xmlns:D="DAV:"><D:response><D:href>/a.txt</D:href><D:propstat><D:prop><D:resourcetype/>
<D:getcontentlength>${this.holds.length}</D:getcontentlength><D:getetag>"${this.holds}"</D:getetag>
<D:lockdiscovery>${this.isLocked ? lock : ''}</D:lockdiscovery></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>`;
  }
}

function reply(status: number, headers = '', body = ''): string {
  const length = status === 204 ? '' : `Content-Length: ${body.length}\r\n`;
  return `HTTP/1.1 ${status} Told\r\nX-Sabre-Version: 4\r\n${headers}${length}\r\n${body}`;
}

const look: Asked = { method: 'PROPFIND', body: '' };
const fates: Readonly<Record<string, Fate>> = {
  'both are answered': {
    goesOn: true,
    onPair: (socket, server, put) => socket.write(server.answer(put) + server.answer(look)),
  },
  'it ends before it is done': { onPair: (socket) => socket.resetAndDestroy() },
  'it ends before it is done, and before the second came': { onPut: (socket) => socket.resetAndDestroy() },
  'it ends when it is done, without an answer': {
    onPair: (socket, server, put) => {
      server.answer(put);
      socket.resetAndDestroy();
    },
  },
  'it ends when a half is done': {
    onPair: (socket, server, { body }) => {
      server.holds = body.slice(0, body.length / 2);
      socket.resetAndDestroy();
    },
  },
  'it closes after the first answer': {
    onPair: (socket, server, put) => void socket.end(server.answer(put)),
  },
  'it closes after the first answer, which says so': {
    goesOn: true,
    onPair: (socket, server, put) =>
      void socket.end(server.answer(put).replace('\r\n', '\r\nConnection: close\r\n')),
  },
  'it closes after the first answer, before the second request': {
    onPut: (socket, server, put) => void socket.end(server.answer(put)),
  },
  'the first answer is cut off': {
    onPair: (socket, server, put) => void socket.end(server.answer(put).slice(0, 20)),
  },
  'the second answer is cut off': {
    onPair: (socket, server, put) => void socket.end(server.answer(put) + server.answer(look).slice(0, -20)),
  },
  'the second answer is from before the first': {
    goesOn: true,
    onPair: (socket, server, put) => {
      const early = server.answer(look);
      socket.write(server.answer(put) + early);
    },
  },
  'the answers are swapped': {
    onPair: (socket, server, put) => {
      const first = server.answer(put);
      socket.write(server.answer(look) + first);
    },
  },
  'the second answer says that it was done, and it was not': {
    goesOn: true,
    onPair: (socket, server) => socket.write(reply(503) + server.answer(look)),
  },
  'there is no HTTP': { onPair: (socket) => void socket.end('no\r\n\r\n') },
};

describe('A save over a new connection', () => {
  for (const isLocked of [false, true])
    for (const [what, fate] of Object.entries(fates))
      it(`is told as it is where ${what}${isLocked ? ', of a locked file' : ''}`, async () => {
        const server = new FragileServer();
        const ann = new OnServer(await server.start(), { user: 'ann', password: 'secret' });
        const isKept = () => ann.blockedSaves.of(ann.at('a.txt')) !== undefined;
        try {
          server.isLocked = isLocked;
          await ann.open('a.txt');
          await server.closeIdle();
          server.fate = fate;
          const failure = await failureOf(ann.save('a.txt', text));
          assert.equal(ann.pipelined, 1);
          assert.equal(isKept(), failure !== undefined);
          assert.equal(server.holds === text, failure === undefined);
          assert.ok(server.puts <= 2, 'It is sent again once, and only after a look');
          // Two at once again only where nothing broke.
          await server.closeIdle();
          server.isLocked = false;
          const again = await failureOf(ann.save('a.txt', text));
          assert.equal(isKept(), again !== undefined);
          assert.equal(server.holds === text, again === undefined);
          if (isLocked) assert.equal(ann.pipelined, fate.goesOn ? 2 : 1);
        } finally {
          await ann.close();
          await server.stop();
        }
      });
});
