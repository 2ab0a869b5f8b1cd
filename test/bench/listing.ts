// Listings of folders of all sizes, against the wire and against what others use.
import { Colleague } from '../support/colleague';
import { startApache } from '../support/servers/apache';
import { startRendered } from '../support/servers/rendered';
import type { LockServer } from '../support/servers/server';
import { interleaved, num, ratio, type Runs, type Samples, table } from './measure';
import { curlList, rcloneList } from './peers';
import { type Row, type Section, withWorker, type Workshop } from './report';

const sizes = [100, 1_000, 10_000];
const contenders = ['curl', 'first', 'warm', 'store', 'webdav first', 'webdav', 'rclone'] as const;
const shown: Readonly<Record<string, string>> = {
  curl: 'curl (the wire)',
  first: 'Lock Status, a new process',
  warm: 'Lock Status, warm',
  store: 'Lock Status, warm, into the store',
  'webdav first': 'npm `webdav`, a new process',
  webdav: 'npm `webdav`, warm',
  rclone: 'rclone `lsf`',
};

type Times = Record<string, Samples>;

export async function listing(shop: Workshop): Promise<Section> {
  const apache = await startApache();
  const bySize = new Map<number, Times>();
  try {
    await fill(apache);
    for (const size of sizes) bySize.set(size, await contest(shop, `${apache.url}${size}/`));
  } finally {
    await apache.stop();
  }
  const rendered = new Map<number, Times>();
  for (const size of [10_000, 100_000]) rendered.set(size, await onRendered(shop, size));
  const [ten, hundred] = [rendered.get(10_000), rendered.get(100_000)];
  const real = bySize.get(10_000);
  if (!ten || !hundred || !real) throw new Error('Nothing was measured');
  return {
    title: 'Listing a folder',
    text: [...bySize]
      .map(([size, times]) => written(`${num(size)} files on Apache, all locked`, times))
      .concat(
        [...rendered].map(([size, times]) => written(`${num(size)} files, pre-rendered, all locked`, times)),
      )
      .join('\n\n'),
    rows: rowsOf(real, ten, hundred),
  };
}

/** Every file is locked: the longest answers, and the most to read in them. */
async function fill(apache: LockServer): Promise<void> {
  const names = sizes.flatMap((size) => Array.from({ length: size }, (_, at) => `${size}/file ${at}.txt`));
  apache.seed(Object.fromEntries(names.map((name) => [name, 'text'])));
  const bob = new Colleague(apache.url, apache.user('bob'));
  for (const name of names) await bob.lock(name, { owner: 'Bob Example (VS Code)', timeout: 'Second-36000' });
}

/** All contenders in turn; who is warm has run once before. */
async function contest(shop: Workshop, url: string, without: readonly string[] = []): Promise<Times> {
  const { account } = shop;
  return withWorker(shop, (mine) =>
    withWorker(shop, async (other) => {
      const runs: Runs = {
        curl: () => curlList(url, account),
        first: () => withWorker(shop, (worker) => worker.do({ do: 'list', url, account })),
        warm: () => mine.do({ do: 'list', url, account }),
        store: () => mine.do({ do: 'know', url, account }),
        'webdav first': () => withWorker(shop, (worker) => worker.do({ do: 'listWithWebdav', url, account })),
        webdav: () => other.do({ do: 'listWithWebdav', url, account }),
        rclone: () => rcloneList(url, account),
      };
      const chosen = Object.fromEntries(Object.entries(runs).filter(([name]) => !without.includes(name)));
      for (const name of ['warm', 'warm', 'store', 'webdav']) await chosen[name]?.();
      return interleaved(chosen);
    }),
  );
}

async function onRendered(shop: Workshop, size: number): Promise<Times> {
  const server = await startRendered(size);
  try {
    return await contest(shop, server.url, size > 10_000 ? ['webdav first'] : []);
  } finally {
    await server.stop();
  }
}

function written(title: string, times: Times): string {
  const rows = contenders.flatMap((name) => {
    const own = times[name];
    if (!own) return [];
    const wire = name === 'curl' || !times['curl'] ? '1' : ratio(own, times['curl']);
    return [[shown[name] ?? name, own.shown('ms', 0), wire, own.shown('cpuMs', 0), own.shown('blockMs', 0)]];
  });
  const head = ['', 'ms', '÷ curl', 'processor time, ms', 'longest event-loop delay, ms'];
  return `### ${title}\n\n${table(head, rows)}`;
}

function rowsOf(real: Times, ten: Times, hundred: Times): Row[] {
  const times = (one: Samples | undefined, other: Samples | undefined, metric = 'ms'): string =>
    one && other ? ratio(one, other, metric) : '–';
  const block = (one: Samples | undefined): string => one?.shown('blockMs', 0) ?? '–';
  return [
    {
      what: '10,000 files on Apache: warm · first ÷ curl',
      goal: '≤ 1.3 · ≤ 1.8',
      measured: `${times(real['warm'], real['curl'])} · ${times(real['first'], real['curl'])}`,
    },
    {
      what: '10,000 pre-rendered: npm `webdav` · rclone ÷ ours',
      goal: '≥ 8 · ≥ 5',
      measured: `${times(ten['webdav'], ten['warm'])} · ${times(ten['rclone'], ten['warm'])}`,
    },
    {
      what: 'npm `webdav` ÷ ours in processor time, warm: 10,000 on Apache · 100,000 pre-rendered',
      goal: '≥ 8',
      measured: `${times(real['webdav'], real['warm'], 'cpuMs')} · ${times(hundred['webdav'], hundred['warm'], 'cpuMs')}`,
    },
    {
      what: 'longest event-loop delay, ms: 10,000 on Apache warm · first · 10,000 pre-rendered warm · first · 100,000 pre-rendered warm · first',
      goal: '≤ 20 · ≤ 30, each',
      measured: [real, ten, hundred]
        .flatMap((one) => [one['warm'], one['first']])
        .map(block)
        .join(' · '),
    },
    {
      what: 'the same with all of it put into the store: 10,000 on Apache · pre-rendered · 100,000',
      goal: '–',
      measured: [real, ten, hundred].map((one) => block(one['store'])).join(' · '),
    },
    {
      what: 'npm `webdav`, the same: 10,000 · 100,000',
      goal: '–',
      measured: [ten['webdav'], hundred['webdav']].map(block).join(' · '),
    },
  ];
}

/** What a listing takes of the memory, at its peak and for as long as it is kept. */
export async function memory(shop: Workshop): Promise<Section> {
  const server = await startRendered(10_000);
  const usual = await startRendered(10_000, 10);
  const { account } = shop;
  const { url } = server;
  const peak = (how: 'list' | 'listWithWebdav') => () =>
    withWorker(shop, async (worker) => {
      await worker.do({ do: how, url, account });
      return worker.do({ do: 'peak', url, account });
    });
  try {
    const samples = await interleaved({
      ours: peak('list'),
      webdav: peak('listWithWebdav'),
      nothing: () => withWorker(shop, (worker) => worker.do({ do: 'peak', url, account })),
      kept: () => withWorker(shop, (worker) => worker.do({ do: 'weigh', url, account })),
      usual: () => withWorker(shop, (worker) => worker.do({ do: 'weigh', url: usual.url, account })),
    });
    const rss = (name: string) => samples[name]?.shown('rssMb', 0) ?? '–';
    const kept = (name: string) => samples[name]?.shown('perEntry', 0) ?? '–';
    const share = (samples['ours']?.median('rssMb') ?? NaN) / (samples['webdav']?.median('rssMb') ?? NaN);
    const rows = [
      {
        what: 'bytes kept per entry: every tenth locked · all locked',
        goal: '≤ 350 · –',
        measured: `${kept('usual')} · ${kept('kept')}`,
      },
      {
        what: 'peak RSS ÷ npm `webdav`, 10,000',
        goal: '≤ 0.5',
        measured: `${num(share, 2)}: ${rss('ours')} MB and ${rss('webdav')} MB (a bare process: ${rss('nothing')} MB)`,
      },
    ];
    const lines = rows.map(({ what, measured }) => [what, measured]);
    return { title: 'Memory for 10,000 files', text: table(['', ''], lines), rows };
  } finally {
    await server.stop();
    await usual.stop();
  }
}
