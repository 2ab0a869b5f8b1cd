// What a save waits for on a network where a round trip takes its time, with and without requests sent in one go.
import { RemoteFailure } from '../../src/core/model/failure';
import { setTimeout as pause } from 'node:timers/promises';
import { Colleague } from '../support/colleague';
import { OnServer } from '../support/core/onServer';
import { startApache } from '../support/servers/apache';
import { interleaved, type Metrics, rounds, type Samples, table } from './measure';
import { startRelay } from './relay';
import type { Row, Section } from './report';

const roundTripMs = 50;
const text = 'The quick brown fox jumps over the lazy dog.\n'.repeat(200);

type Way = 'apart' | 'together';

interface Saving {
  readonly alice: OnServer;
  readonly way: Way;
  readonly round: number;
}

/** Resolves when the person goes on; `behind` is what then still goes on without them. */
type Deed = (saving: Saving) => Promise<{ readonly behind: Promise<void> } | void>;

const goals: Readonly<Record<string, string>> = {
  'lock, save, release': '≤ 2.3',
  'lock, save, release, until the lock is free': '–',
};

const deeds: Readonly<Record<string, Deed>> = {
  'save under our lock': ({ alice, way, round }) => alice.save(`ours-${way}.txt`, `${round}${text}`),
  'refused save, until the holder is known': async ({ alice, round }) => {
    try {
      await alice.save('theirs.txt', `${round}${text}`);
    } catch (error) {
      if (error instanceof RemoteFailure && error.kind === 'locked') return;
      throw error;
    }
    throw new Error('Nobody refused it');
  },
  'lock, save, release': (saving) => lockSaveRelease(saving, 'free'),
  'lock, save, release, until the lock is free': async (saving) => {
    const { behind } = await lockSaveRelease(saving, 'freed');
    await behind;
  },
};

async function lockSaveRelease({ alice, way, round }: Saving, kind: Kind) {
  const name = freeFile(kind, way, round);
  const id = alice.at(name);
  await alice.leases.take(id, 'hand');
  await alice.save(name, `${round}${text}`);
  return { behind: alice.leases.release(id) };
}

type Kind = 'free' | 'freed';

/** Another one in each round: while its tag is young, a file is read again before it is written. */
function freeFile(kind: Kind, way: Way, round: number): string {
  return `${kind}-${way}-${round}.txt`;
}

export async function roundTrips(): Promise<Section> {
  const server = await startApache();
  const relay = await startRelay(server.port, roundTripMs / 2);
  const clients: Record<Way, OnServer> = {
    apart: new OnServer(relay.url, server.user('alice')),
    together: new OnServer(relay.url, server.user('alice')),
  };
  clients.apart.pipelines = false;
  try {
    const bob = new Colleague(server.url, server.user('bob'));
    const names = (way: Way) => [
      `ours-${way}.txt`,
      ...(['free', 'freed'] as const).flatMap((kind) =>
        Array.from({ length: rounds + 1 }, (_, round) => freeFile(kind, way, round)),
      ),
    ];
    const all = ['theirs.txt', ...names('apart'), ...names('together')];
    server.seed(Object.fromEntries(all.map((name) => [name, text])));
    // Until then Apache's tags are weak.
    await pause(2_500);
    await bob.lock('theirs.txt', { owner: 'Bob', timeout: 'Second-3600' });
    for (const [way, alice] of Object.entries(clients)) {
      for (const name of ['theirs.txt', ...names(way as Way)]) await alice.open(name);
      await alice.leases.take(alice.at(`ours-${way}.txt`), 'hand');
    }
    const lines: string[][] = [];
    const rows: Row[] = [];
    for (const [what, deed] of Object.entries(deeds)) {
      const { apart, together } = await measured(clients, deed);
      lines.push([what, ...shown(apart), ...shown(together)]);
      rows.push({
        what: `${what}, on ${server.name} ÷ a round trip of ${roundTripMs} ms (one request at a time)`,
        goal: goals[what] ?? '≤ 1.2',
        measured: `${together.shown('ratio', 2)} (${apart.shown('ratio', 2)})`,
      });
    }
    const columns = ['ms', '÷ round trip', 'requests'];
    const head = [
      '',
      ...columns.map((one) => `one at a time: ${one}`),
      ...columns.map((one) => `in one go: ${one}`),
    ];
    return { title: `Saving at a round trip of ${roundTripMs} ms`, text: table(head, lines), rows };
  } finally {
    for (const alice of Object.values(clients)) await alice.close();
    relay.stop();
    await server.stop();
  }
}

async function measured(clients: Readonly<Record<Way, OnServer>>, deed: Deed): Promise<Record<Way, Samples>> {
  const next = { apart: 0, together: 0 };
  const run = (way: Way) => async (): Promise<Metrics> => {
    const alice = clients[way];
    alice.asked();
    const start = performance.now();
    const done = await deed({ alice, way, round: next[way]++ });
    const ms = performance.now() - start;
    await done?.behind;
    return { ms, ratio: ms / roundTripMs, requests: alice.asked().split(' ').length };
  };
  const runs = { apart: run('apart'), together: run('together') };
  for (const warm of Object.values(runs)) await warm();
  const { apart, together } = await interleaved(runs);
  if (!apart || !together) throw new Error('Nothing was measured');
  return { apart, together };
}

function shown(samples: Samples): string[] {
  return [samples.shown('ms', 0), samples.shown('ratio', 2), samples.shown('requests', 0)];
}
