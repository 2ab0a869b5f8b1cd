// What one request and one save cost beside the bare wire, and how many of them things take.
import http from 'node:http';
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { RemoteFailure } from '../../src/core/model/failure';
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { FaultProxy } from '../support/faultProxy';
import { startApache } from '../support/servers/apache';
import { startLighttpd } from '../support/servers/lighttpd';
import { listenOnFreePort } from '../support/servers/plain';
import type { LockServer } from '../support/servers/server';
import type { Job } from './client';
import { interleaved, num, ratio, rounds, table } from './measure';
import { curlPuts } from './peers';
import { startRelay } from './relay';
import { type Row, type Section, withWorker, type Workshop } from './report';

const text = 'The quick brown fox jumps over the lazy dog.\n'.repeat(200);

export async function cost(shop: Workshop): Promise<Section> {
  const requests = await perRequest(shop);
  const apache = await startApache();
  const lighttpd = await startLighttpd();
  try {
    const saves = [await saving(shop, lighttpd), await saving(shop, apache)];
    const rows = [
      ...requests,
      ...saves.map(({ row }) => row),
      await digest(shop),
      await asking(apache),
      await refusing(apache),
    ];
    return { title: 'Requests and saves', text: saves.map(({ text }) => text).join('\n\n'), rows };
  } finally {
    await apache.stop();
    await lighttpd.stop();
  }
}

async function perRequest(shop: Workshop): Promise<Row[]> {
  let sockets = 0;
  const server = http.createServer({ keepAliveTimeout: 120_000 }, (_, response) => response.end(text));
  server.on('connection', () => (sockets += 1));
  const url = `http://127.0.0.1:${await listenOnFreePort(server)}/`;
  const { account } = shop;
  const job = { url, account, count: 2_000 };
  try {
    return await withWorker(shop, async (worker) => {
      const runs = {
        ours: () => worker.do({ ...job, do: 'requests' }),
        node: () => worker.do({ ...job, do: 'requestsOfNode' }),
        fetch: () => worker.do({ ...job, do: 'requestsByFetch' }),
      };
      for (const run of Object.values(runs)) await run();
      const { ours, node, fetch } = await interleaved(runs);
      if (!ours || !node || !fetch) throw new Error('Nothing was measured');
      sockets = 0;
      await withWorker(shop, (fresh) => fresh.do({ ...job, do: 'requestsAtOnce', count: 300 }));
      const opened = sockets;
      await worker.do({ ...job, do: 'requests', count: 1 });
      sockets = 0;
      await pause(30_000);
      await worker.do({ ...job, do: 'requests', count: 1 });
      return [
        {
          what: 'one request ÷ node:http (fetch ÷ node:http)',
          goal: '≤ 1.15',
          measured: `${ratio(ours, node)}; ${ratio(fetch, node)}`,
        },
        {
          what: 'the same in processor time',
          goal: '≤ 1.15',
          measured: `${ratio(ours, node, 'cpuMs')}; ${ratio(fetch, node, 'cpuMs')}`,
        },
        {
          what: 'sockets for 300 requests at once · opened anew after 30 s idle',
          goal: '≤ 6 · 0',
          measured: `${opened} · ${sockets}`,
        },
      ];
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Saves of one sample, one after the other: beside a process that is just being started nothing is as fast as it is. */
const inARow = 20;

/** A save under our lock beside curl's PUT of the same bytes, without a lock and without a look. */
async function saving(shop: Workshop, server: LockServer) {
  const { scratch, account } = shop;
  server.seed({ 'ours.txt': text, 'curls.txt': text });
  const file = `${scratch}/put.txt`;
  writeFileSync(file, text);
  await pause(2_500);
  return withWorker(shop, async (worker) => {
    const url = `${server.url}curls.txt`;
    const each = async (job: Pick<Job, 'do' | 'url'>) => {
      const metrics = await worker.do({ ...job, account, count: inARow });
      return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, value / inARow]));
    };
    const runs = {
      ours: () => each({ do: 'saves', url: `${server.url}ours.txt` }),
      node: () => each({ do: 'putsOfNode', url }),
      curl: () => curlPuts(url, account, file, inARow),
    };
    for (const run of Object.values(runs)) await run();
    const { ours, node, curl } = await interleaved(runs, 6 * rounds);
    if (!ours || !curl || !node) throw new Error('Nothing was measured');
    const requests = num(ours.median('requests'), 2);
    return {
      row: {
        what: `a save under our lock on ${server.name} ÷ curl's PUT (node:http's PUT ÷ curl's)`,
        goal: '1 or 2 requests, ≤ 1.6',
        measured: `${requests} requests, ${ratio(ours, curl)} (${ratio(node, curl)})`,
      },
      text:
        `### Saving ${num(text.length / 1024, 0)} KB on ${server.name}\n\n` +
        table(
          ['', 'ms', 'requests'],
          [
            ['Lock Status, under its lock', ours.shown('ms', 2), requests],
            ['node:http, PUT', node.shown('ms', 2), '1'],
            ['curl `-T`', curl.shown('ms', 2), '1'],
          ],
        ),
    };
  });
}

async function digest({ account }: Workshop): Promise<Row> {
  const server = await startApache({ auth: 'digest' });
  const proxy = new FaultProxy(() => server.url);
  await proxy.start();
  const alice = new OnServer(proxy.url, account);
  try {
    server.seed({ 'a.txt': text });
    await alice.server.files.read(alice.at('a.txt'));
    for (let at = 0; at < 100; at++)
      await alice.server.files.write(alice.at('a.txt'), Buffer.from(`${at}${text}`), { leases: [] });
    const asked = alice.methods.length;
    const bodies = proxy.exchanges.filter(({ method }) => method === 'PUT').length;
    return {
      what: 'Digest: requests · bodies sent per operation, of 101 with 100 PUTs',
      goal: '≤ 1.05 · ≤ 1.01',
      measured: `${num(proxy.exchanges.length / asked, 3)} · ${num(bodies / 100, 3)}`,
    };
  } finally {
    await alice.close();
    await proxy.stop();
    await server.stop();
  }
}

async function asking(server: LockServer): Promise<Row> {
  const names = Array.from({ length: 1_000 }, (_, at) => `many/folder${at % 50}/${at}.txt`);
  server.seed(Object.fromEntries(names.map((name) => [name, 'text'])));
  const { user, password } = server.user('alice');
  const measure = async (ask: (alice: OnServer) => Promise<unknown>) => {
    const relay = await startRelay(server.port);
    const alice = new OnServer(relay.url, { user, password });
    try {
      // As it is again and again while they are open: what they are is known, and what is new is asked for.
      await alice.poller.ask(ids(alice));
      alice.asked();
      const before = relay.bytes();
      const start = performance.now();
      await ask(alice);
      return { requests: alice.methods.length, bytes: relay.bytes() - before, ms: performance.now() - start };
    } finally {
      await alice.close();
      relay.stop();
    }
  };
  const ids = (alice: OnServer) => names.map((name) => alice.at(name));
  const samples = await interleaved({
    together: () => measure((alice) => alice.poller.ask(ids(alice))),
    singly: () => measure((alice) => Promise.all(ids(alice).map((id) => alice.server.files.stat(id)))),
  });
  const { together, singly } = samples;
  if (!together || !singly) throw new Error('Nothing was measured');
  const bytes = together.median('bytes') / singly.median('bytes');
  const [few, many] = [together, singly].map((one) => num(one.median('requests'), 0));
  return {
    what: '1,000 open files in 50 folders, asked again: requests · bytes on the wire ÷ one by one · time ÷ one by one',
    goal: '≤ 51 · ≤ 0.35 · –',
    measured: `${few} instead of ${many} · ${num(bytes, 2)} · ${ratio(together, singly)}`,
  };
}

/** Saves that somebody else's lock is in the way of, one after the other. */
async function refusing(server: LockServer): Promise<Row> {
  server.seed({ 'theirs.txt': text });
  await pause(2_500);
  const bob = new Colleague(server.url, server.user('bob'));
  await bob.lock('theirs.txt', { owner: 'Bob', timeout: 'Second-3600' });
  const alice = new OnServer(server.url, server.user('alice'));
  try {
    await alice.open('theirs.txt');
    const samples = await interleaved({
      refused: async () => {
        const start = performance.now();
        let refused = 0;
        for (let at = 0; at < 200; at++) {
          try {
            await alice.save('theirs.txt', `${at}${text}`);
          } catch (error) {
            if (!(error instanceof RemoteFailure)) throw error;
            refused += 1;
          }
        }
        return { perSecond: (refused * 1_000) / (performance.now() - start), refused };
      },
    });
    return {
      what: 'refused saves handled per second on Apache: the PUT, the look that tells why, the text kept',
      goal: '–',
      measured: samples['refused']?.shown('perSecond', 0) ?? '–',
    };
  } finally {
    await alice.close();
  }
}
