// Alice at her editor: the code under test against a real server, with what it asked for to be looked at.
import assert from 'node:assert/strict';
import { RemoteFailure } from '../../src/core/model/failure';
import type { Lease } from '../../src/core/model/lease';
import type { Lock, LockId } from '../../src/core/model/lock';
import { ownerText } from '../../src/core/model/ownerText';
import type { LockRequest, WriteGuard } from '../../src/core/model/ports';
import { resourceId, type ResourceId } from '../../src/core/model/resource';
import { Secret } from '../../src/core/model/secret';
import { readRefusal } from '../../src/protocol/refusals/read';
import { createTransport } from '../../src/protocol/transport/transport';
import { createWebdavServer, type WebdavServer } from '../../src/protocol/webdav/server';
import { lockIdOf } from '../../src/protocol/webdav/reading/token';
import { recognize } from '../support/rings/recognition';
import type { Account } from '../support/servers/server';

export const lockRequest: LockRequest = {
  seconds: 600,
  owner: ownerText({
    name: 'Alice Doe',
    contacts: ['mailto:alice@example.org'],
    app: 'VS Code',
    host: 'LAPTOP-7',
    mark: 'alice-1',
  }),
  mark: 'alice-1',
};

export class Session {
  /** The methods of the requests so far. */
  readonly asked: string[] = [];
  /** Whether a request may be sent right behind another. */
  pipelines = true;
  readonly owned = new Set<LockId>();
  readonly dav: WebdavServer;
  readonly #transport;
  readonly #url: string;

  constructor(url: string, { user, password }: Account) {
    this.#url = url;
    this.#transport = createTransport({
      origin: new URL(url).origin,
      credentials: () => Promise.resolve({ user, password: new Secret(password) }),
      userAgent: 'test',
      readRefusal,
      now: () => performance.now(),
    });
    const transport = this.#transport;
    this.dav = createWebdavServer({
      transport: {
        get answersTwice() {
          return transport.answersTwice;
        },
        send: (request) => {
          this.asked.push(request.method);
          const { next, ...alone } = request;
          return transport.send(next && this.pipelines ? request : alone);
        },
        close: () => this.close(),
      },
      now: () => ({ mono: performance.now(), wall: Date.now() }),
      recognize,
      identity: {
        ownsLock: (id) => this.owned.has(id),
        isMyAccount: () => false,
      },
    });
  }

  at(path: string): ResourceId {
    return resourceId(this.#url + path.split('/').map(encodeURIComponent).join('/'));
  }

  async lock(path: string): Promise<Lease> {
    const lease = await this.dav.locks.lock(this.at(path), lockRequest);
    this.owned.add(lease.id);
    return lease;
  }

  write(path: string, text: string, guard: WriteGuard = { leases: [] }) {
    return this.dav.files.write(this.at(path), new TextEncoder().encode(text), guard);
  }

  async text(path: string): Promise<string> {
    return new TextDecoder().decode((await this.dav.files.read(this.at(path))).bytes);
  }

  async locks(path: string): Promise<readonly Lock[]> {
    return (await this.dav.files.stat(this.at(path))).listing.locks;
  }

  /** The lock of a whole folder, which was taken otherwise. */
  treeLease(path: string, token: string): Lease {
    return {
      resource: this.at(path),
      token: new Secret(token),
      id: lockIdOf(token),
      scope: 'exclusive',
      depth: 'tree',
      expiry: { kind: 'unknown' },
      since: { mono: performance.now(), wall: Date.now() },
    };
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}

export async function failureOf(promise: Promise<unknown>): Promise<RemoteFailure> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof RemoteFailure, String(error));
    return error;
  }
  return assert.fail('Nothing failed.');
}
