// The process that runs nephele: `node --require compile.cjs nepheleMain.ts '{"dataDir": …, "port": …}'`.
import http from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { accounts } from './server';

interface Settings {
  readonly dataDir: string;
  readonly port: number;
  readonly minLockTimeout?: number;
  readonly locks?: boolean;
  readonly realm?: string;
}

/** What is used of a request and a response of Express, whose types are not installed. */
interface Asking {
  readonly headers: http.IncomingHttpHeaders;
}
interface Answering {
  set(headers: Record<string, string>): unknown;
}

async function main(settings: Settings): Promise<void> {
  // The package is an ES module only.
  const { default: createServer, UnauthorizedError } = await import('nephele');
  const { default: Adapter, Resource } = await import('@nephele/adapter-file-system');
  readAgainWhileWritten(Resource.prototype);

  class WithoutLocks extends Adapter {
    override getComplianceClasses(): Promise<string[]> {
      return Promise.resolve([]);
    }
  }

  const authenticator = {
    authenticate: (request: Asking, response: Answering) => {
      const user = userOf(request.headers.authorization);
      if (user === undefined) {
        response.set({ 'WWW-Authenticate': `Basic realm="${settings.realm ?? 'dav'}", charset="UTF-8"` });
        throw new UnauthorizedError('Name or password is wrong.');
      }
      return Promise.resolve({ username: user });
    },
    cleanAuthentication: () => Promise.resolve(),
  };
  const locks = settings.locks !== false;
  const root = { root: settings.dataDir };
  const app = createServer(
    { adapter: locks ? new Adapter(root) : new WithoutLocks(root), authenticator },
    settings.minLockTimeout === undefined ? {} : { minLockTimeout: settings.minLockTimeout },
  ) as unknown as http.RequestListener;

  const server = http.createServer((request, response) => {
    if (!locks && (request.method === 'LOCK' || request.method === 'UNLOCK')) {
      response.writeHead(405, {
        Allow: 'OPTIONS, GET, HEAD, PUT, DELETE, COPY, MOVE, MKCOL, PROPFIND, PROPPATCH',
      });
      response.end();
    } else if (request.method === 'LOCK' || request.method === 'UNLOCK') {
      inTurn(response, () => app(request, response));
    } else app(request, response);
  });
  server.listen(settings.port, '127.0.0.1');
}

let turn = Promise.resolve();

/** Of two that change the same file of locks at once, one would undo what the other has done. */
function inTurn(response: http.ServerResponse, act: () => void): void {
  turn = turn.then(async () => {
    if (response.destroyed) return;
    const over = new Promise((resolve) => response.once('close', resolve));
    act();
    await over;
  });
}

/**
 * nephele keeps its locks in a file that it empties before it writes: a request in between reads half of it and is
 * answered 500. No test is about that, so the reader comes again.
 */
function readAgainWhileWritten(resource: { readMetadataFile: () => Promise<object> }): void {
  const read = resource.readMetadataFile;
  resource.readMetadataFile = async function (this: unknown) {
    for (let tries = 0; ; tries++) {
      try {
        return await read.call(this);
      } catch (error) {
        if (!(error instanceof SyntaxError) || tries === 200) throw error;
        await setImmediate();
      }
    }
  };
}

function userOf(authorization: string | undefined): string | undefined {
  const [, basic] = /^Basic +(.+)$/i.exec(authorization ?? '') ?? [];
  const said = Buffer.from(basic ?? '', 'base64').toString('utf8');
  return Object.values(accounts).find(({ user, password }) => said === `${user}:${password}`)?.user;
}

void main(JSON.parse(process.argv[2] ?? '{}') as Settings);
