// The core over the real protocol, as the extension puts them together: everything but the editor.
import { isFailure, type RemoteFailure } from '../../../src/core/model/failure';
import { OwnLocks } from '../../../src/core/leases/ownLocks';
import { ownerText } from '../../../src/core/model/ownerText';
import type { Clock } from '../../../src/core/model/ports';
import { resourceId, type ResourceId } from '../../../src/core/model/resource';
import { Secret } from '../../../src/core/model/secret';
import { listedSizeOf } from '../../../src/core/model/version';
import { readBase } from '../../../src/core/saving/baseVersions';
import type {
  HttpAnswer,
  HttpRequest,
  PipelinedRequest,
  Transport,
} from '../../../src/protocol/transport/http';
import { createTransport } from '../../../src/protocol/transport/transport';
import { createWebdavServer } from '../../../src/protocol/webdav/server';
import { testCore } from './core';
import { recognize } from '../rings/recognition';
import type { Account } from '../servers/server';

export const clock: Clock = {
  now: () => ({ mono: performance.now(), wall: Date.now() }),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return { dispose: () => clearTimeout(timer) };
  },
  random: Math.random,
};

const owner = ownerText({
  name: 'Alice Doe',
  contacts: ['mailto:alice@example.org'],
  app: 'VS Code',
  mark: 'alice-1',
});

/** Milliseconds for the answer to a request; undefined for as long as a person would wait. */
export type Patience = (request: HttpRequest) => number | undefined;

export class OnServer {
  private readonly transport: Transport;
  /** Bytes of the bodies that came, as they were read. */
  received = 0;
  /** Methods of the requests since they were last taken out. */
  readonly methods: string[] = [];
  /** Those of them that were sent right behind another. */
  pipelined = 0;
  /** Whether a request may be sent right behind another. */
  pipelines = true;
  /** What went wrong in the background, where that may be; else it is an error. */
  told: string[] | undefined;
  readonly server;
  readonly core;

  constructor(
    private readonly url: string,
    { user, password }: Account,
    private readonly patience: Patience = () => undefined,
    /** Changes the body of each listing, for ways that no server here has. */
    private readonly alter?: (listing: string) => string,
  ) {
    this.transport = createTransport({
      origin: new URL(url).origin,
      credentials: () => Promise.resolve({ user, password: new Secret(password) }),
      userAgent: 'LockStatus/test',
      now: () => performance.now(),
    });
    const ownLocks = new OwnLocks();
    this.server = createWebdavServer({
      transport: this.counted(),
      now: () => clock.now(),
      recognize,
      identity: {
        ownsLock: (id) => ownLocks.owns(id),
        mayOwn: (id) => ownLocks.mayOwn(id),
        heldOn: (resource) => ownLocks.heldOn(resource)?.id,
        lockByMark: (mark, resource) => {
          const held = ownLocks.heldOn(resource);
          return held?.mark === mark ? held.id : undefined;
        },
        awaits: (mark, resource) => ownLocks.unconfirmed.awaits(mark, resource),
        isMyAccount: (account) => account === user,
      },
    });
    const lockRequest = () => ({ seconds: 600, owner, mark: 'alice-1' });
    const onProblem = (doing: string, error: unknown): void => {
      const problem = `${doing}: ${String(error)}`;
      if (!this.told) throw new Error(problem, { cause: error });
      this.told.push(problem);
    };
    this.core = testCore({ clock, server: this.server, ownLocks, lockRequest, onProblem });
  }

  get store() {
    return this.core.store;
  }
  get directory() {
    return this.core.directory;
  }
  get poller() {
    return this.core.poller;
  }
  get leases() {
    return this.core.leases;
  }
  get blockedSaves() {
    return this.core.blockedSaves;
  }
  get baseVersions() {
    return this.core.baseVersions;
  }
  get saver() {
    return this.core.saver;
  }

  at(path: string): ResourceId {
    return resourceId(this.url + path);
  }

  /** As the editor opens a file: its state, then its content. */
  async open(path: string): Promise<void> {
    const id = this.at(path);
    const { version } = await this.directory.stat(id, 1_500);
    const leases = this.leases.covering(id);
    const content = await this.server.files.read(id, listedSizeOf(version));
    const read = readBase(content, leases);
    this.baseVersions.read(id, read);
    this.baseVersions.setShown(id, read);
  }

  async save(path: string, text: string | Uint8Array): Promise<void> {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    await this.saver.save(this.at(path), bytes, { mustBeNew: false, mayReplaceUnseen: false });
  }

  /** What was sent since this was last called. */
  asked(): string {
    return this.methods.splice(0).join(' ');
  }

  async close(): Promise<void> {
    this.core.dispose();
    await this.transport.close();
  }

  private counted(): Transport {
    const { transport } = this;
    return {
      get answersTwice() {
        return transport.answersTwice;
      },
      send: async ({ next, ...request }) => {
        this.methods.push(request.method);
        const sent = { ...this.hurried(request), ...(next && this.pipelines && { next: this.noted(next) }) };
        return this.tapped(request, await transport.send(sent));
      },
      close: () => transport.close(),
    };
  }

  private noted({ request, onSent }: PipelinedRequest): PipelinedRequest {
    return {
      request: this.hurried(request),
      onSent: (answer) => {
        this.methods.push(request.method);
        this.pipelined += 1;
        onSent(answer.then((one) => this.tapped(request, one)));
      },
    };
  }

  private hurried(request: HttpRequest): HttpRequest {
    const patience = this.patience(request);
    return patience === undefined ? request : { ...request, headersMs: patience, bodyMs: patience };
  }

  private tapped({ method }: HttpRequest, answer: HttpAnswer): HttpAnswer {
    const { alter } = this;
    const chunks = answer.chunks.bind(answer);
    const count = (bytes: number) => (this.received += bytes);
    answer.chunks = async function* () {
      const whole: Uint8Array[] = [];
      for await (const chunk of chunks()) {
        count(chunk.length);
        if (alter && method === 'PROPFIND') whole.push(chunk);
        else yield chunk;
      }
      if (alter && whole.length > 0) yield Buffer.from(alter(Buffer.concat(whole).toString()));
    };
    return answer;
  }
}

/** Undefined if the save succeeds. */
export async function failureOf(save: Promise<void>): Promise<RemoteFailure | undefined> {
  try {
    await save;
    return undefined;
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
}
