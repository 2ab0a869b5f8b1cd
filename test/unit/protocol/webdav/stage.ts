// A server that says what a test tells it to: the WebDAV code above, a list of answers below.
import assert from 'node:assert/strict';
import { RemoteFailure, type FailureKind } from '../../../../src/core/model/failure';
import type { Lease } from '../../../../src/core/model/lease';
import type { LockId } from '../../../../src/core/model/lock';
import { pathOf, resourceId, type ResourceId } from '../../../../src/core/model/resource';
import { Secret } from '../../../../src/core/model/secret';
import type { HttpAnswer, HttpRequest, Transport } from '../../../../src/protocol/transport/http';
import { readRefusal } from '../../../../src/protocol/refusals/read';
import { createWebdavServer, type WebdavServer } from '../../../../src/protocol/webdav/server';
import { lockIdOf } from '../../../../src/protocol/webdav/reading/token';

const origin = 'https://dav.example';
/** When every scripted request is sent: Unix milliseconds, monotonic ones. */
export const wall = Date.parse('2026-11-22T10:00:00Z');
export const mono = 5000;

export interface Scripted {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Fails so after the body's bytes. */
  readonly breaks?: FailureKind;
}

export type Turn = Scripted | FailureKind | ((request: HttpRequest) => Scripted | FailureKind);

export class Stage implements Transport {
  readonly answersTwice = false;
  readonly requests: HttpRequest[] = [];
  readonly owned = new Set<LockId>();
  /** The lock that this window holds on any resource asked about. */
  heldOn: LockId | undefined;
  /** Locks of this installation by their marks, and marks whose outcome is unknown. */
  readonly byMark = new Map<string, LockId>();
  readonly awaited = new Set<string>();
  readonly elsewhere = new Set<LockId>();
  /** Folders of which members were not listed, with their number. */
  readonly leftOut: string[] = [];
  readonly server: WebdavServer = createWebdavServer({
    transport: this,
    now: () => ({ mono, wall }),
    identity: {
      ownsLock: (id) => this.owned.has(id),
      ownsElsewhere: (id) => this.elsewhere.has(id),
      heldOn: () => this.heldOn,
      lockByMark: (mark) => this.byMark.get(mark),
      awaits: (mark) => this.awaited.has(mark),
      isMyAccount: (account) => account === 'ann.account',
    },
    onHiddenMembers: (folder, count) => this.leftOut.push(`${pathOf(folder)} ${count}`),
  });
  readonly #turns: Turn[];
  #product: string | undefined;

  constructor(...turns: Turn[]) {
    this.#turns = turns;
  }

  then(...turns: Turn[]): this {
    this.#turns.push(...turns);
    return this;
  }

  send(request: HttpRequest): Promise<HttpAnswer> {
    this.requests.push(request);
    const turn = this.#turns.shift();
    assert.ok(turn !== undefined, `Nobody expected ${request.method} ${request.url}`);
    const said = typeof turn === 'function' ? turn(request) : turn;
    if (typeof said === 'string') {
      const { method, resource } = request;
      const maybeDone = said === 'interrupted' || said === 'timeout';
      return Promise.reject(new RemoteFailure(said, { method, resource, maybeDone }));
    }
    if (said.status < 400) this.#product = said.headers?.['server'] ?? this.#product;
    return Promise.resolve(answerOf(said, request, this.#product));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The requests so far, as `METHOD path`. */
  get asked(): string[] {
    return this.requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
  }

  header(index: number, name: string): string | undefined {
    return this.requests[index]?.headers?.[name];
  }

  /** Every scripted answer was asked for. */
  done(): void {
    assert.equal(this.#turns.length, 0, `Not asked for: ${this.#turns.length} more`);
  }
}

function answerOf(
  { status, headers = {}, body = '', breaks }: Scripted,
  request: HttpRequest,
  product?: string,
): HttpAnswer {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const { method, resource } = request;
  let isTaken = false;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    if (isTaken) throw new TypeError('The body of an answer is read once.');
    isTaken = true;
    yield await Promise.resolve(bytes);
    if (breaks) throw new RemoteFailure(breaks, { method, resource, status });
  }
  const all = async () => {
    const parts: Uint8Array[] = [];
    for await (const part of chunks()) parts.push(part);
    return new Uint8Array(Buffer.concat(parts));
  };
  return {
    status,
    headers,
    sentAt: mono,
    chunks,
    bytes: all,
    text: async (limit = Infinity) =>
      new TextDecoder().decode((await all()).subarray(0, Math.min(limit, bytes.length))),
    discard: () => Promise.resolve(),
    refusal: () => {
      const text = breaks ? '' : new TextDecoder().decode(bytes);
      const refused = {
        method,
        resource,
        status,
        headers,
        body: text,
        ...(product !== undefined && { product }),
      };
      return Promise.resolve(readRefusal(refused).info);
    },
  };
}

/** Both are sent at once, and answered so. */
export function together(first: Scripted | FailureKind, second: Scripted | FailureKind): Turn {
  return ({ method, resource, next }) => {
    assert.ok(next, `Nothing is sent behind ${method}`);
    next.onSent(
      typeof second === 'string'
        ? Promise.reject(new RemoteFailure(second, { method: 'PROPFIND', resource }))
        : Promise.resolve(answerOf(second, next.request)),
    );
    return first;
  };
}

/** Nothing is sent behind it. */
export function alone(answer: Scripted): Turn {
  return ({ method, next }) => {
    assert.equal(next, undefined, `Something is sent behind ${method}`);
    return answer;
  };
}

export function at(path: string): ResourceId {
  return resourceId(origin + path);
}

export function multistatus(...responses: string[]): Scripted {
  return {
    status: 207,
    headers: { 'content-type': 'application/xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">${responses.join('')}</D:multistatus>`,
  };
}

/** One response whose properties were all found. */
export function found(href: string, props: string): string {
  return (
    `<D:response><D:href>${href}</D:href><D:propstat><D:prop>${props}</D:prop>` +
    `<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>`
  );
}

export interface ActiveLock {
  readonly token?: string;
  readonly owner?: string;
  readonly timeout?: string;
  readonly depth?: string;
  readonly root?: string;
  readonly scope?: string;
}

export function activeLock(lock: ActiveLock = {}): string {
  const { token, owner, timeout = 'Second-600', depth = '0', root, scope = 'exclusive' } = lock;
  return (
    `<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope><D:${scope}/></D:lockscope>` +
    `<D:depth>${depth}</D:depth><D:timeout>${timeout}</D:timeout>` +
    (owner === undefined ? '' : `<D:owner>${owner}</D:owner>`) +
    (token === undefined ? '' : `<D:locktoken><D:href>${token}</D:href></D:locktoken>`) +
    (root === undefined ? '' : `<D:lockroot><D:href>${root}</D:href></D:lockroot>`) +
    `</D:activelock>`
  );
}

export function discovery(...locks: string[]): string {
  return `<D:lockdiscovery>${locks.join('')}</D:lockdiscovery>`;
}

/** The success of a LOCK. */
export function granted(lock: ActiveLock, headers: Record<string, string> = {}, status = 200): Scripted {
  const prop = `<D:prop xmlns:D="DAV:">${discovery(activeLock(lock))}</D:prop>`;
  return { status, headers, body: `<?xml version="1.0" encoding="utf-8"?>\n${prop}` };
}

export function leaseOn(resource: ResourceId, token = 'urn:uuid:ours', more: Partial<Lease> = {}): Lease {
  return {
    resource,
    token: new Secret(token),
    id: lockIdOf(token),
    scope: 'exclusive',
    depth: 'self',
    expiry: { kind: 'at', at: { mono: mono + 600_000, wall: wall + 600_000 } },
    grantedMs: 600_000,
    since: { mono, wall },
    ...more,
  };
}

/** The failure that a promise ends in. */
export async function failureOf(promise: Promise<unknown>): Promise<RemoteFailure> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof RemoteFailure, String(error));
    return error;
  }
  return assert.fail('Nothing failed.');
}
