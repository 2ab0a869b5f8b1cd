// Somebody at an editor, without the editor: the domain against a real server, and a clock that can be put forward.
import type { Diagnosis } from '../../src/core/diagnosis/diagnosis';
import { OwnLocks } from '../../src/core/leases/ownLocks';
import { Exchanges } from '../../src/core/locks/exchanges';
import { isFailure } from '../../src/core/model/failure';
import type { Clock } from '../../src/core/model/ports';
import { resourceId, type ResourceId } from '../../src/core/model/resource';
import { Secret } from '../../src/core/model/secret';
import { readRefusal } from '../../src/protocol/refusals/read';
import { toRecordedExchange } from '../../src/protocol/refusals/recordedExchange';
import type { Exchange } from '../../src/protocol/transport/http';
import { createTransport } from '../../src/protocol/transport/transport';
import type { Identity } from '../../src/protocol/webdav/identity';
import { createWebdavServer } from '../../src/protocol/webdav/server';
import { testCore } from '../support/core/core';
import { recognize } from '../support/rings/recognition';
import type { Account } from '../support/servers/server';

export class Person {
  /** Milliseconds by which the clocks are put forward. */
  ahead = 0;
  readonly core;
  private readonly transport;

  constructor(
    private readonly url: string,
    { user, password }: Account,
  ) {
    const clock: Clock = {
      now: () => ({ mono: performance.now() + this.ahead, wall: Date.now() + this.ahead }),
      after: (ms, run) => {
        // What is due in minutes, such as a refresh, happens when a test says so.
        if (ms >= 60_000) return { dispose: () => undefined };
        const timer = setTimeout(run, Math.min(ms, 20)).unref();
        return { dispose: () => clearTimeout(timer) };
      },
      random: () => 0.5,
    };
    const exchanges = new Exchanges();
    const ownLocks = new OwnLocks();
    this.transport = createTransport({
      origin: new URL(url).origin,
      credentials: () => Promise.resolve({ user, password: new Secret(password) }),
      userAgent: 'test',
      now: () => clock.now().mono,
      readRefusal,
      onExchange: (exchange) => exchanges.record(toRecordedExchange(this.later(exchange), clock.now())),
    });
    const identity: Identity = {
      ownsLock: (id) => ownLocks.owns(id),
      heldOn: (resource) => ownLocks.heldOn(resource)?.id,
      isMyAccount: (account) => account === user,
    };
    const server = createWebdavServer({
      transport: this.transport,
      now: () => clock.now(),
      identity,
      recognize,
    });
    this.core = testCore({
      clock,
      server,
      exchanges,
      ownLocks,
      lockRequest: () => ({ seconds: 600, owner: 'Alice' }),
    });
  }

  get store() {
    return this.core.store;
  }
  get leases() {
    return this.core.leases;
  }
  get diagnosisService() {
    return this.core.diagnosisService;
  }

  /** The server's clock goes forward with this person's, as when time has really passed. */
  private later(exchange: Exchange): Exchange {
    const { date, ...headers } = exchange.headers;
    if (date === undefined) return exchange;
    return {
      ...exchange,
      headers: { ...headers, date: new Date(Date.parse(date) + this.ahead).toUTCString() },
    };
  }

  at(path: string): ResourceId {
    return resourceId(this.url + path);
  }

  /** Whether the save went through. */
  async saves(path: string): Promise<boolean> {
    try {
      await this.core.saver.save(this.at(path), new TextEncoder().encode(`${performance.now()}`), {
        mustBeNew: false,
        mayReplaceUnseen: true,
      });
      return true;
    } catch (error) {
      if (isFailure(error)) return false;
      throw error;
    }
  }

  look(path: string): Promise<void> {
    return this.diagnosisService.requestFacts(this.at(path));
  }

  async why(path: string): Promise<Diagnosis> {
    await this.look(path);
    return this.diagnosisService.diagnose(this.at(path));
  }

  async close(): Promise<void> {
    this.core.dispose();
    await this.transport.close();
  }
}
