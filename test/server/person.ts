// Somebody at an editor, without the editor: the domain against a real server, and a clock that can be put forward.
import { DiagnosisService } from '../../src/core/diagnosis/diagnosisService';
import type { Diagnosis } from '../../src/core/diagnosis/diagnosis';
import { BlockedSaves } from '../../src/core/saving/blockedSaves';
import { Directory } from '../../src/core/polling/directory';
import { Exchanges } from '../../src/core/locks/exchanges';
import { isFailure } from '../../src/core/model/failure';
import { LockPoller } from '../../src/core/polling/lockPoller';
import { LockHistory } from '../../src/core/locks/lockHistory';
import { LockStore } from '../../src/core/locks/lockStore';
import { Leases } from '../../src/core/leases/leases';
import type { Clock } from '../../src/core/model/ports';
import { resourceId, type ResourceId } from '../../src/core/model/resource';
import { Saver } from '../../src/core/saving/saver';
import { Secret } from '../../src/core/model/secret';
import { BaseVersions } from '../../src/core/saving/baseVersions';
import { recorded } from '../../src/protocol/refusals/recorded';
import type { Exchange } from '../../src/protocol/transport/http';
import { createTransport } from '../../src/protocol/transport/transport';
import { createWebdavServer } from '../../src/protocol/webdav/server';
import type { Account } from '../support/servers/server';

export class Person {
  /** Milliseconds by which the clocks are put forward. */
  ahead = 0;
  readonly exchanges = new Exchanges();
  readonly store = new LockStore();
  readonly leases: Leases;
  readonly diagnosisService: DiagnosisService;
  private readonly saver: Saver;
  private readonly transport;

  constructor(
    private readonly url: string,
    { user, password }: Account,
  ) {
    const clock: Clock = {
      now: () => ({ mono: performance.now() + this.ahead, wall: Date.now() + this.ahead }),
      after: (ms, run) => {
        const timer = setTimeout(run, Math.min(ms, 20)).unref();
        return { dispose: () => clearTimeout(timer) };
      },
      random: () => 0.5,
    };
    this.transport = createTransport({
      origin: new URL(url).origin,
      credentials: () => Promise.resolve({ user, password: new Secret(password) }),
      userAgent: 'test',
      now: () => clock.now().mono,
      onExchange: (exchange) => this.exchanges.record(recorded(this.later(exchange), clock.now())),
    });
    const identity = {
      ownsLock: (id: never) => this.leases.owns(id),
      isMyself: ({ account }: { account?: string }) => account === user,
    };
    const server = createWebdavServer({ transport: this.transport, now: () => clock.now(), identity });
    const serverOf = () => server;
    const { store, exchanges } = this;
    // No timers of its own: a test says when something is refreshed.
    const still: Clock = { ...clock, after: () => ({ dispose: () => undefined }) };
    this.leases = new Leases({
      serverOf,
      store,
      clock: still,
      lockRequest: () => ({ seconds: 600, owner: 'Alice' }),
    });
    const { leases } = this;
    const directory = new Directory(serverOf, store, clock);
    const poller = new LockPoller(directory, clock);
    const baseVersions = new BaseVersions();
    this.saver = new Saver({
      serverOf,
      directory,
      store,
      leases,
      baseVersions,
      blockedSaves: new BlockedSaves(),
      clock,
    });
    const history = new LockHistory();
    this.diagnosisService = new DiagnosisService({
      poller,
      clock,
      directory,
      exchanges,
      history,
      leases,
      baseVersions,
      serverOf,
      store,
      parseDate: Date.parse,
    });
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
      await this.saver.save(this.at(path), new TextEncoder().encode(`${performance.now()}`), {
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
    return this.diagnosisService.inquire(this.at(path));
  }

  async why(path: string): Promise<Diagnosis> {
    await this.look(path);
    return this.diagnosisService.diagnose(this.at(path));
  }

  async close(): Promise<void> {
    this.leases.dispose();
    this.diagnosisService.dispose();
    await this.transport.close();
  }
}
