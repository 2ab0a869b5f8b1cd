// Where the time goes, by function: what would have to become faster where a goal is not reached.
import { num, type Metrics, table } from './measure';
import { bundleClient } from './workers';
import { type Section, withWorker, type Workshop } from './report';
import { startRendered } from '../support/servers/rendered';

const shownFunctions = 14;

export async function profile(shop: Workshop): Promise<Section> {
  const bundle = await bundleClient(shop.scratch, 'named');
  const first = await profiled({ ...shop, bundle }, 10_000, 0);
  const warm = await profiled({ ...shop, bundle }, 100_000, 2);
  return {
    title: 'Where the time goes',
    text: [
      written('The first listing of 10,000 files, pre-rendered, in a new process', first),
      written('A warm listing of 100,000 files, pre-rendered', warm),
    ].join('\n\n'),
    rows: [],
  };
}

async function profiled(shop: Workshop, size: number, before: number): Promise<Metrics> {
  const server = await startRendered(size);
  const job = { url: server.url, account: shop.account };
  try {
    return await withWorker(shop, async (worker) => {
      for (let times = 0; times < before; times++) await worker.do({ ...job, do: 'list' });
      return worker.do({ ...job, do: 'profiledList' });
    });
  } finally {
    await server.stop();
  }
}

function written(title: string, { ms = 0, cpuMs, blockMs, entries, ...self }: Metrics): string {
  const all = Object.values(self).reduce((sum, one) => sum + one, 0);
  const most = Object.entries(self).sort(([, one], [, other]) => other - one);
  const rows = most.slice(0, shownFunctions).map(([name, own]) => [`\`${name}\``, share(own, all)]);
  const others = most.slice(shownFunctions).reduce((sum, [, own]) => sum + own, 0);
  const told = `${num(entries, 0)} entries in ${num(ms, 0)} ms (${num(cpuMs, 0)} ms of processor time), longest delay ${num(blockMs, 0)} ms, while being watched.`;
  return `### ${title}\n\n${told}\n\n${table(['function', 'of its own time'], [...rows, [`${most.length - rows.length} others`, share(others, all)]])}`;
}

function share(part: number, all: number): string {
  return `${num((100 * part) / all, 1)} %`;
}
