// One client in a process of its own, told over the channel what to do; bundled as the extension is before it runs.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { once } from 'node:events';
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { RemoteEntry } from '../../src/core/model/ports';
import { resourceId } from '../../src/core/model/resource';
import { Secret } from '../../src/core/model/secret';
import type { Transport } from '../../src/protocol/transport/http';
import { createTransport } from '../../src/protocol/transport/transport';
import { ContentCache } from '../../src/storage/contentCache';
import { OnServer } from '../support/core/onServer';
import { findNames, findText } from '../support/core/searching';
import type { Account } from '../support/servers/server';
import { loadedByHost } from './host';
import type { Metrics } from './measure';
import { anHour } from './simulation/anHour';
import { listedAgain, oneAnswer } from './simulation/grown';

export interface Job {
  readonly do: keyof typeof jobs;
  readonly url: string;
  readonly account: Account;
  readonly count?: number;
  /** Where contents are kept. */
  readonly folder?: string;
}

interface WebdavModule {
  readonly createClient: (
    url: string,
    options: { username: string; password: string },
  ) => { getDirectoryContents(path: string): Promise<unknown[]> };
}

let alice: OnServer | undefined;
let transport: Transport | undefined;
const agent = new http.Agent({ keepAlive: true, maxSockets: 6 });
const nineKilobytes = 'The quick brown fox jumps over the lazy dog.\n'.repeat(200);
let saved = 0;
/** Held, so that it can be weighed. */
let listed: readonly unknown[] | undefined;

const ours = ({ url, account }: Job): OnServer => (alice ??= new OnServer(new URL('/', url).href, account));

const listing = async (job: Job): Promise<readonly RemoteEntry[]> => {
  const folder = ours(job).at(new URL(job.url).pathname.slice(1));
  return (await ours(job).server.files.list(folder)).members;
};

const topOf = (job: Job) => ours(job).at(new URL(job.url).pathname.slice(1));
const requestsOf = (job: Job) => ours(job).asked().split(' ').filter(Boolean).length;

const hold = async (job: Job): Promise<void> => {
  listed = await listing(job);
};

const read = async ({ url, account }: Job): Promise<Uint8Array> => {
  transport ??= createTransport({
    origin: new URL(url).origin,
    credentials: () => Promise.resolve({ user: account.user, password: new Secret(account.password) }),
    userAgent: 'LockStatus/bench',
    now: () => performance.now(),
  });
  const request = { method: 'GET', resource: resourceId(`${url}a`), url: `${url}a` };
  return (await transport.send(request)).bytes();
};

const jobs = {
  list: async (job: Job): Promise<Metrics> => ({ entries: (await listing(job)).length }),

  /** Into the store, as the editor has it: every entry is remembered, and its lock is news. */
  know: async (job: Job): Promise<Metrics> => {
    const folder = ours(job).at(new URL(job.url).pathname.slice(1));
    return { entries: (await ours(job).directory.list(folder, -1)).length };
  },

  findNames: async (job: Job): Promise<Metrics> => {
    const start = performance.now();
    let firstMs = NaN;
    const onFirst = () => (firstMs = performance.now() - start);
    const entries = await findNames(ours(job), topOf(job), onFirst);
    return { entries, firstMs, requests: requestsOf(job) };
  },

  findText: async (job: Job): Promise<Metrics> => {
    const onProblem = (error: unknown) => {
      throw error;
    };
    const store = new ContentCache({ folder: job.folder ?? '', maxBytes: 200_000_000, onProblem });
    const start = performance.now();
    let firstMs = NaN;
    const end = await findText(ours(job), store, { root: topOf(job), text: 'needle' }, () => {
      if (Number.isNaN(firstMs)) firstMs = performance.now() - start;
    });
    return { entries: end.matches, firstMs, requests: requestsOf(job) };
  },

  /** The time of its own that each function took, in milliseconds; what only waits is left out. */
  profiledList: async (job: Job): Promise<Metrics> => {
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 200 });
    await session.post('Profiler.start');
    const { length } = await listing(job);
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
    const self = new Map<string, number>();
    for (const [at, id] of (profile.samples ?? []).entries()) {
      const name = names.get(id) ?? '(anonymous)';
      const ms = (profile.timeDeltas?.[at] ?? 0) / 1_000;
      if (name !== '(idle)') self.set(name, (self.get(name) ?? 0) + ms);
    }
    return { ...Object.fromEntries(self), entries: length };
  },

  listWithWebdav: async ({ url, account }: Job): Promise<Metrics> => {
    const path = pathToFileURL(process.env['BENCH_WEBDAV'] ?? '').href;
    const { createClient } = (await import(path)) as WebdavModule;
    const client = createClient(url, { username: account.user, password: account.password });
    return { entries: (await client.getDirectoryContents('/')).length };
  },

  /** Bytes that are kept of each entry while the listing is held. */
  weigh: async (job: Job): Promise<Metrics> => {
    // In functions of their own: what has just been awaited is still held by who awaits it.
    await jobs.list(job);
    await new Promise((resolve) => setImmediate(resolve));
    const before = heap();
    await hold(job);
    await new Promise((resolve) => setImmediate(resolve));
    const perEntry = (heap() - before) / (listed?.length ?? NaN);
    listed = undefined;
    return { perEntry };
  },

  requests: async (job: Job): Promise<Metrics> => {
    for (let at = 0; at < (job.count ?? 1); at++) await read(job);
    return {};
  },

  requestsAtOnce: async (job: Job): Promise<Metrics> => {
    await Promise.all(Array.from({ length: job.count ?? 1 }, () => read(job)));
    return {};
  },

  /** So many saves of a file under our lock, one after the other. */
  saves: async (job: Job): Promise<Metrics> => {
    const alice = ours(job);
    const path = new URL(job.url).pathname.slice(1);
    if (!alice.leases.of(alice.at(path))) {
      await alice.open(path);
      await alice.leases.take(alice.at(path), 'hand');
    }
    alice.asked();
    for (let at = 0; at < (job.count ?? 1); at++) {
      saved += 1;
      // Within one tick of the server's clock two texts of one length have one tag.
      await alice.save(path, nineKilobytes + '.'.repeat(saved % 20));
    }
    return { requests: alice.asked().split(' ').length };
  },

  putsOfNode: async ({ url, account, count = 1 }: Job): Promise<Metrics> => {
    const auth = `${account.user}:${account.password}`;
    for (let at = 0; at < count; at++) {
      const request = http.request(url, { agent, auth, method: 'PUT' });
      request.end(nineKilobytes);
      const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
      if (answer.statusCode !== 204) throw new Error(`node:http was answered ${answer.statusCode}`);
      answer.resume();
      await once(answer, 'end');
    }
    return {};
  },

  requestsOfNode: async ({ url, account, count = 1 }: Job): Promise<Metrics> => {
    const auth = `${account.user}:${account.password}`;
    for (let at = 0; at < count; at++) {
      const request = http.get(`${url}a`, { agent, auth });
      const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part as Buffer);
      Buffer.concat(parts);
    }
    return {};
  },

  requestsByFetch: async ({ url, account, count = 1 }: Job): Promise<Metrics> => {
    const authorization = `Basic ${btoa(`${account.user}:${account.password}`)}`;
    for (let at = 0; at < count; at++) {
      await (await fetch(`${url}a`, { headers: { authorization } })).arrayBuffer();
    }
    return {};
  },

  oneAnswer: (): Promise<Metrics> => oneAnswer(),

  listedLocked: (): Promise<Metrics> => listedAgain('locked'),

  listedUnlocked: (): Promise<Metrics> => listedAgain('unlocked'),

  hour: (): Promise<Metrics> => anHour(heap),

  /** By the system's own table: `maxRSS` begins with what the parent had when it forked. */
  peak: (): Promise<Metrics> => {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return Promise.resolve({ rssMb: Number(kilobytes) / 1024 });
  },
};

function nameOf({ functionName, url }: { functionName: string; url: string }): string {
  if (/^node:internal\/(?:modules|bootstrap)/.test(url)) return '(loading modules)';
  return functionName === '' ? '(anonymous)' : functionName;
}

function heap(): number {
  for (let times = 0; times < 3; times++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

for (const name of loadedByHost) process.getBuiltinModule(`node:${name}`);

process.on('message', (job: Job) => {
  void (async () => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    // The first sample only starts the count.
    await new Promise((resolve) => setTimeout(resolve, 20));
    delay.reset();
    const start = performance.now();
    const before = process.cpuUsage();
    const metrics = await jobs[job.do](job);
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    const cpuMs = (user + system) / 1_000;
    // Whatever still blocks belongs to the job.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const blockMs = delay.max / 1e6;
    delay.disable();
    process.send?.({ ms, cpuMs, blockMs, ...metrics });
  })();
});
process.on('disconnect', () => process.exit(0));
