// Finding names and texts in many folders, against the wire and against a search in a copy on the disk.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureDebianPackages } from '../support/debian';
import { startApache } from '../support/servers/apache';
import type { LockServer } from '../support/servers/server';
import { interleaved, num, ratio, table, type Metrics, type Samples } from './measure';
import { withWorker, type Section, type Workshop } from './report';

const run = promisify(execFile);
const folders = 100;
const filesEach = 20;
const files = folders * filesEach;
/** Every fortieth file has the word, from the second folder on. */
const needle = 'needle';

export async function search(shop: Workshop): Promise<Section> {
  const ripgrep = ensureDebianPackages([{ package: 'ripgrep', file: '/usr/bin/rg' }]).ok;
  const apache = await startApache();
  const { scratch, account } = shop;
  try {
    fill(apache);
    const url = `${apache.url}top/`;
    const local = join(apache.dataDir, 'top');
    const kept = mkdtempSync(join(scratch, 'kept-'));
    const gets = curlConfig(shop, apache, scratch);
    const fresh = async (): Promise<Metrics> => {
      const folder = mkdtempSync(join(scratch, 'fresh-'));
      try {
        return await withWorker(shop, (worker) => worker.do({ do: 'findText', url, account, folder }));
      } finally {
        rmSync(folder, { recursive: true });
      }
    };
    const again = () =>
      withWorker(shop, (worker) => worker.do({ do: 'findText', url, account, folder: kept }));
    await again();
    const samples = await interleaved({
      names: () => withWorker(shop, (worker) => worker.do({ do: 'findNames', url, account })),
      first: fresh,
      second: again,
      curl: () => timed('curl', ['-s', '--parallel', '--parallel-max', '6', '-K', gets]),
      grep: () => timed('grep', ['-rn', needle, local]),
      ...(ripgrep && { rg: () => timed('rg', ['-n', needle, local]) }),
    });
    return written(samples);
  } finally {
    await apache.stop();
  }
}

function fill(apache: LockServer): void {
  const path = (at: number) => `top/folder ${at % folders}/file ${at}.txt`;
  const line = 'The quick brown fox jumps over the lazy dog.\n';
  const text = (at: number) => line.repeat(50) + (at % 40 === 1 ? `${needle}\n` : line);
  apache.seed(Object.fromEntries(Array.from({ length: files }, (_, at) => [path(at), text(at)])));
  // No tag is younger than the tick of a clock.
  const past = new Date(Date.now() - 3_600_000);
  for (const folder of readdirSync(join(apache.dataDir, 'top')))
    for (const name of readdirSync(join(apache.dataDir, 'top', folder)))
      utimesSync(join(apache.dataDir, 'top', folder, name), past, past);
}

/** The same bytes by as many connections, and thrown away. */
function curlConfig({ account }: Workshop, apache: LockServer, scratch: string): string {
  const config = join(scratch, 'gets');
  const user = `user = "${account.user}:${account.password}"\n`;
  const gets = Array.from(
    { length: files },
    (_, at) => `url = "${apache.url}top/folder%20${at % folders}/file%20${at}.txt"\noutput = "/dev/null"\n`,
  );
  writeFileSync(config, user + gets.join(''));
  return config;
}

async function timed(command: string, args: readonly string[]): Promise<Metrics> {
  const start = performance.now();
  await run(command, args, { maxBuffer: 1024 ** 3 });
  return { ms: performance.now() - start };
}

function written(samples: Record<string, Samples>): Section {
  const { names, first, second, curl, grep, rg } = samples;
  if (!names || !first || !second || !curl || !grep) throw new Error('Nothing was measured');
  const local = rg ?? grep;
  const localName = rg ? 'rg' : 'grep -rn';
  const row = (what: string, own: Samples, more: readonly string[]) => [what, own.shown('ms', 0), ...more];
  const compared = (own: Samples) => [ratio(own, curl), ratio(own, local), own.shown('requests', 0)];
  const lines = [
    row(`curl, GET of all ${num(files)} files`, curl, ['1', ratio(curl, local), num(files)]),
    row(`\`${localName}\` on a copy on the disk`, local, [ratio(local, curl), '1', '0']),
    ...(rg ? [row('`grep -rn` on it', grep, [ratio(grep, curl), ratio(grep, local), '0'])] : []),
    ['names: the first', names.shown('firstMs', 0), '–', '–', '–'],
    row('names: all', names, compared(names)),
    ['texts: the first', first.shown('firstMs', 0), '–', '–', '–'],
    row('texts: all, nothing kept', first, compared(first)),
    ['texts again: the first', second.shown('firstMs', 0), '–', '–', '–'],
    row('texts again: all, contents kept', second, compared(second)),
  ];
  return {
    title: `Finding names and texts in ${num(files)} files in ${folders} folders on Apache`,
    text: `Each of ours in a new process, with its start-up.\n\n${table(['', 'ms', '÷ curl', `÷ ${localName}`, 'requests'], lines)}`,
    rows: [
      {
        what: `texts of ${num(files)} files: first search ÷ curl · second ÷ first`,
        goal: '–',
        measured: `${ratio(first, curl)} · ${ratio(second, first)}`,
      },
      {
        what: 'requests of the second search: folders only',
        goal: `${folders + 1}`,
        measured: second.shown('requests', 0),
      },
    ],
  };
}
