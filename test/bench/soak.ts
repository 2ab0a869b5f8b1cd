// Minutes of real work through a connection on which one request in twenty goes wrong: what must not grow, and what
// must be true at the end.
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Emitter } from '../../src/base/emitter';
import { isFailure } from '../../src/core/model/failure';
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { FaultProxy } from '../support/faultProxy';
import type { Fault } from '../support/faults';
import { startApache } from '../support/servers/apache';
import { accounts } from '../support/servers/server';
import { num, table } from './measure';
import type { Section } from './report';

const minutes = Number(process.env['BENCH_SOAK_MINUTES'] ?? 5);
const sampleMs = 15_000;
/** A round of open, lock, save and release takes about this many requests, of which at most one goes wrong. */
const requestsPerRound = 6;
const faultRate = 0.05;
const patienceMs = 2_000;

const faults: readonly Fault[] = [
  { kind: 'reset', at: 'beforeBody' },
  { kind: 'reset', at: 'afterBody' },
  { kind: 'reset', at: 'afterAnswer' },
  { kind: 'truncate' },
  { kind: 'answer', status: 500 },
  { kind: 'answer', status: 503 },
  { kind: 'answer', status: 502, forward: true },
  { kind: 'stall', at: 'headers' },
];

interface Sample {
  readonly heap: number;
  readonly sockets: number;
  readonly timers: number;
  readonly listeners: number;
}

export async function soak(): Promise<Section> {
  const apache = await startApache();
  const proxy = new FaultProxy(() => apache.url);
  await proxy.start();
  const session = new Session(new OnServer(proxy.url, accounts.alice, () => patienceMs), proxy);
  try {
    apache.seed(Object.fromEntries(session.names.map((name) => [name, 'base'])));
    const samples = await session.run();
    await session.finish(new Colleague(apache.url, accounts.bob));
    return sectionOf(session, samples);
  } finally {
    await session.client.close();
    await proxy.stop();
    await apache.stop();
  }
}

class Session {
  readonly names = Array.from({ length: 20 }, (_, at) => `file-${at}.txt`);
  /** The text that was last reported as saved, by file. */
  readonly saved = new Map<string, string>();
  /** Every text that was sent since. */
  private readonly sent = new Map<string, string[]>();
  rounds = 0;
  failed = 0;
  requests = 0;
  injected = 0;

  constructor(
    readonly client: OnServer,
    private readonly proxy: FaultProxy,
  ) {}

  async run(): Promise<Sample[]> {
    const samples: Sample[] = [];
    const end = performance.now() + minutes * 60_000;
    for (let next = performance.now() + sampleMs; performance.now() < end;) {
      await this.round();
      if (performance.now() < next) continue;
      next += sampleMs;
      samples.push(this.sample());
    }
    return samples;
  }

  /** Without faults every file can be saved, no lock of ours is left, and the server has what was reported. */
  async finish(bob: Colleague): Promise<void> {
    for (const name of this.names) {
      const text = await bob.get(name);
      const possible = [this.saved.get(name) ?? 'base', ...(this.sent.get(name) ?? [])];
      assert.ok(possible.includes(text), `${name} has a text that was not saved last: ${text}`);
    }
    for (const name of this.names) await this.edit(name);
    const { leases, blockedSaves } = this.client;
    assert.deepEqual(leases.held(), []);
    assert.deepEqual(blockedSaves.all(), []);
    for (const name of this.names) assert.equal(await bob.get(name), this.saved.get(name), name);
    for (const name of this.names) assert.deepEqual(await bob.locksOn(name), [], name);
  }

  private async round(): Promise<void> {
    this.rounds += 1;
    const name = this.names[this.rounds % this.names.length] ?? '';
    const fault = faults[Math.floor(Math.random() * faults.length)];
    const isFaulty = Math.random() < faultRate * requestsPerRound;
    const nth = 1 + Math.floor(Math.random() * requestsPerRound);
    const rule = isFaulty && fault ? this.proxy.inject({ nth }, fault) : undefined;
    try {
      await this.edit(name);
    } catch (error) {
      if (!isFailure(error)) throw error;
      this.failed += 1;
      await this.giveUp(name);
    }
    if (rule) this.proxy.remove(rule);
    this.injected += rule?.applied ?? 0;
    this.requests += this.proxy.exchanges.length;
    this.proxy.exchanges.length = 0;
  }

  private async edit(name: string): Promise<void> {
    const { client } = this;
    const id = client.at(name);
    await client.open(name);
    await client.leases.take(id, 'edit');
    const text = `text ${this.rounds}`;
    this.sent.set(name, [...(this.sent.get(name) ?? []), text]);
    await client.save(name, text);
    this.saved.set(name, text);
    this.sent.set(name, []);
    await client.leases.drop(id, 'edit');
  }

  /** As a person does who closes the file without saving. */
  private async giveUp(name: string): Promise<void> {
    const { leases, blockedSaves } = this.client;
    const id = this.client.at(name);
    blockedSaves.discarded(id, 'closed');
    if (!leases.of(id)) return;
    try {
      await leases.drop(id, 'edit');
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
  }

  private sample(): Sample {
    const resources = process.getActiveResourcesInfo();
    const count = (kind: string) => resources.filter((one) => one === kind).length;
    const { store, blockedSaves, leases, directory } = this.client;
    const listeners = [store, blockedSaves, leases, directory]
      .flatMap((part) => Object.values(part).filter((value) => value instanceof Emitter))
      .reduce((sum, emitter) => sum + emitter.listenerCount, 0);
    return { heap: heap(), sockets: count('TCPSocketWrap'), timers: count('Timeout'), listeners };
  }
}

/** Bytes in use after everything that can be freed was freed. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

function sectionOf(session: Session, samples: readonly Sample[]): Section {
  const half = Math.ceil(samples.length / 2);
  const most = (part: readonly Sample[], what: keyof Sample) => Math.max(...part.map((one) => one[what]));
  const row = (label: string, what: keyof Sample, unit = 1) => [
    label,
    num(most(samples.slice(0, half), what) / unit),
    num(most(samples.slice(half), what) / unit),
  ];
  const share = session.injected / session.requests;
  const counts = `${num(session.rounds, 0)} rounds, ${num(session.requests, 0)} requests, ${num(share * 100)} % of them with a fault, ${num(session.failed, 0)} rounds given up`;
  const growth = most(samples.slice(half), 'heap') / most(samples.slice(0, half), 'heap');
  return {
    title: `${minutes} minutes with faults`,
    text: [
      'Open, lock, save and release, over and over, on Apache behind a proxy that resets, cuts off, stalls and answers for the server.',
      `${counts}. At the end every file is free, has the text that was reported as saved, and no save is blocked.`,
      '',
      table(
        ['at most', 'first half', 'second half'],
        [
          row('heap, MB', 'heap', 2 ** 20),
          row('sockets, with the proxy’s', 'sockets'),
          row('timers', 'timers'),
          row('listeners', 'listeners'),
        ],
      ),
    ].join('\n'),
    rows: [
      {
        what: `heap of the second half ÷ of the first, ${minutes} minutes with faults`,
        goal: '≤ 1.1',
        measured: num(growth),
      },
    ],
  };
}
