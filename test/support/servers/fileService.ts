// A file service that is not WebDAV: files and locks over HTTP and JSON, in memory, with two users.
import { randomUUID } from 'node:crypto';
import { startPlainServer, type PlainRequest, type PlainServer, type Reply } from './plain';

export const people = {
  alice: { name: 'Alice Ray', email: 'alice@example.org', password: 'alice-pw' },
  ann: { name: 'Ann Lee', email: 'ann@example.org', password: 'ann-pw' },
} as const;
type Login = keyof typeof people;

interface ServiceLock {
  readonly id: string;
  readonly login: Login;
  readonly created: number;
  expires: number;
}

interface File {
  body: Buffer;
  revision: number;
  modified: number;
}

export interface FileServiceOptions {
  /** Without, an answer tells no version at all. */
  readonly tags?: boolean;
  /** The status of a write that a lock refuses. */
  readonly refusesWith?: 409 | 423;
  readonly headMethod?: boolean;
  /** Names that no list shows. */
  readonly unlisted?: readonly string[];
}

/** The mapping that describes this service. */
export const fileServiceMapping = {
  files: {
    list: {
      url: '{url}?list=1',
      members: '/items',
      name: '/name',
      isFolder: '/kind=dir',
      size: '/size',
      modified: '/modified',
    },
  },
  locks: {
    status: {
      url: '{url}/lock',
      freeOn: [404],
      id: '/id',
      holder: '/owner/name',
      contact: '/owner/email',
      until: '/expires',
      since: '/created',
      mine: '/owner/login={user}',
    },
    lock: {
      method: 'POST',
      url: '{url}/lock',
      body: { seconds: '{seconds}' },
      heldOn: [409],
      id: '/id',
      until: '/expires',
    },
    refresh: {
      method: 'PUT',
      url: '{url}/lock/{id}',
      body: { seconds: '{seconds}' },
      id: '/id',
      until: '/expires',
    },
    unlock: { method: 'DELETE', url: '{url}/lock/{id}' },
    break: { method: 'DELETE', url: '{url}/lock?force=1' },
    submit: { headers: { 'X-Lock-Id': '{id}' } },
  },
};

export class FileService {
  readonly files = new Map<string, File>();
  readonly locks = new Map<string, ServiceLock>();
  private readonly written: (() => void)[] = [];
  private server: PlainServer | undefined;

  constructor(private readonly options: FileServiceOptions = {}) {}

  async start(): Promise<void> {
    this.server = await startPlainServer((request, reply) => this.answer(request, reply));
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  /** The folder of the files, without a slash at its end. */
  get url(): string {
    return `${this.server?.url ?? ''}files`;
  }

  get requests(): readonly PlainRequest[] {
    return this.server?.requests ?? [];
  }

  put(name: string, text: string): void {
    const revision = (this.files.get(name)?.revision ?? 0) + 1;
    this.files.set(name, {
      body: Buffer.from(text),
      revision,
      modified: Date.now() - 60_000 + revision * 1000,
    });
  }

  text(name: string): string | undefined {
    return this.files.get(name)?.body.toString();
  }

  lock(name: string, login: Login, seconds = 600): ServiceLock {
    const now = Date.now();
    const lock = { id: randomUUID(), login, created: now, expires: now + seconds * 1000 };
    this.locks.set(name, lock);
    return lock;
  }

  unlock(name: string): void {
    this.locks.delete(name);
  }

  /** Resolves after the next write that is accepted. */
  nextWrite(): Promise<void> {
    return new Promise((resolve) => this.written.push(resolve));
  }

  private answer(request: PlainRequest, reply: Reply): void {
    const login = signedIn(request);
    if (!login) return reply.send(401, { 'WWW-Authenticate': 'Basic realm="files"' });
    const { pathname, searchParams } = new URL(request.path, 'http://service');
    const [, path = ''] = /^\/files\/?(.*)$/.exec(decodeURIComponent(pathname)) ?? [];
    const [, name = path, id] = /^(.+?)\/lock(?:\/(.+))?$/.exec(path) ?? [];
    if (name !== path)
      return this.answerLock(request, reply, { name, id, login, isForced: searchParams.has('force') });
    if (searchParams.has('list')) return this.answerList(name, reply);
    return this.answerFile(request, reply, name);
  }

  private answerFile({ method, headers, body }: PlainRequest, reply: Reply, name: string): void {
    const file = this.files.get(name);
    const tag = file && `"r${file.revision}"`;
    const version: Record<string, string> =
      file && tag && this.options.tags !== false
        ? { ETag: tag, 'Last-Modified': new Date(file.modified).toUTCString() }
        : {};
    switch (method) {
      case 'HEAD':
        if (this.options.headMethod === false) return reply.send(405);
        return file
          ? reply.send(200, {
              ...version,
              'Content-Type': 'text/markdown',
              'Content-Length': String(file.body.length),
            })
          : reply.send(404);
      case 'GET':
        return file
          ? reply.send(200, { ...version, 'Content-Type': 'text/markdown' }, file.body)
          : reply.send(404);
      case 'PUT':
      case 'DELETE': {
        const lock = this.lockOn(name);
        if (lock && headers['x-lock-id'] !== lock.id)
          return json(reply, this.options.refusesWith ?? 423, { error: 'conflict', lock: shown(lock) });
        if (headers['if-match'] !== undefined && headers['if-match'] !== tag) return reply.send(412);
        if (headers['if-none-match'] === '*' && file) return reply.send(412);
        if (method === 'DELETE') {
          this.files.delete(name);
          return reply.send(204);
        }
        this.put(name, body.toString());
        json(reply, 200, { saved: name });
        for (const told of this.written.splice(0)) told();
        return;
      }
      default:
        return reply.send(405, { Allow: 'GET, HEAD, PUT, DELETE' });
    }
  }

  private answerList(folder: string, reply: Reply): void {
    const prefix = folder === '' ? '' : `${folder}/`;
    const below = [...this.files].filter(([path]) => path.startsWith(prefix));
    if (below.length === 0 && folder !== '') return reply.send(404);
    const items = new Map<string, unknown>();
    for (const [path, { body, modified }] of below) {
      const [name = '', more] = path.slice(prefix.length).split('/');
      const file = { name, kind: 'file', size: body.length, modified: new Date(modified).toISOString() };
      items.set(name, more === undefined ? file : { name, kind: 'dir' });
    }
    for (const name of this.options.unlisted ?? []) items.delete(name);
    json(reply, 200, { items: [...items.values()] });
  }

  private answerLock(
    { method, body }: PlainRequest,
    reply: Reply,
    about: { name: string; id: string | undefined; login: Login; isForced: boolean },
  ): void {
    const { name, id, login, isForced } = about;
    const lock = this.lockOn(name);
    const isRight = lock && (id === lock.id || isForced);
    switch (method) {
      case 'GET':
        return lock ? json(reply, 200, shown(lock)) : json(reply, 404, {});
      case 'POST': {
        if (lock) return json(reply, 409, shown(lock));
        return json(reply, 201, shown(this.lock(name, login, secondsIn(body))));
      }
      case 'PUT':
        if (!isRight) return json(reply, 404, {});
        lock.expires = Date.now() + secondsIn(body) * 1000;
        return json(reply, 200, shown(lock));
      case 'DELETE':
        if (!isRight) return json(reply, 404, {});
        this.unlock(name);
        return reply.send(204);
      default:
        return reply.send(405);
    }
  }

  private lockOn(name: string): ServiceLock | undefined {
    const lock = this.locks.get(name);
    return lock && lock.expires > Date.now() ? lock : undefined;
  }
}

function shown({ id, login, created, expires }: ServiceLock): unknown {
  const { name, email } = people[login];
  const iso = (time: number) => new Date(time).toISOString();
  return { id, owner: { login, name, email }, created: iso(created), expires: iso(expires) };
}

function secondsIn(body: Buffer): number {
  return (JSON.parse(body.toString()) as { seconds: number }).seconds;
}

function signedIn({ headers }: PlainRequest): Login | undefined {
  const [user, password] = Buffer.from(headers.authorization?.slice(6) ?? '', 'base64')
    .toString()
    .split(':');
  return (Object.keys(people) as Login[]).find(
    (login) => login === user && people[login].password === password,
  );
}

function json(reply: Reply, status: number, body: unknown): void {
  reply.send(status, { 'Content-Type': 'application/json' }, JSON.stringify(body));
}
