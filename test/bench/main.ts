// `npm run bench`: measures against others on the same machine in the same run, and writes
// test/bench/results.md.
// `npm run bench -- listing cost` runs some parts and only prints. Nothing here passes or fails by a clock.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { projectRoot } from '../support/hosts/paths';
import { discard, scratchFolder } from '../support/servers/scratch';
import { accounts } from '../support/servers/server';
import { cost } from './cost';
import { editor } from './editor';
import { growth } from './growth';
import { listing, memory } from './listing';
import { loading } from './loading';
import { rounds, table } from './measure';
import { installPeers } from './peers';
import { profile } from './profile';
import type { Section, Workshop } from './report';
import { crowds } from './simulation/crowds';
import { roundTrips } from './roundTrips';
import { search } from './search';
import { soak } from './soak';
import { bundleClient } from './workers';

const parts: Readonly<Record<string, (shop: Workshop) => Promise<Section>>> = {
  listing,
  profile,
  memory,
  growth,
  cost,
  roundTrips,
  search,
  loading,
  editor,
  crowds,
  soak,
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Leaving this way ends what we have started.
  process.on(signal, () => process.exit(1));
}

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !(name in parts));
  if (unknown.length > 0)
    throw new Error(`No part ${unknown.join()}; there are ${Object.keys(parts).join(', ')}`);
  const scratch = scratchFolder('bench');
  try {
    const peers = await installPeers(scratch);
    const bundle = await bundleClient(scratch);
    const shop = { scratch, bundle, peers, account: accounts.alice };
    const sections: Section[] = [];
    for (const [name, run] of Object.entries(parts)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      console.error(`${name} …`);
      sections.push(await run(shop));
    }
    const text = await format(written(sections, peers.versions), { parser: 'markdown' });
    console.log(text);
    if (wanted.length > 0) return;
    writeFileSync(join(projectRoot, 'test/bench/results.md'), text);
  } finally {
    discard(scratch);
  }
}

function goalsOf(sections: readonly Section[]): string {
  const rows = sections.flatMap(({ rows }) => rows.map(({ what, goal, measured }) => [what, goal, measured]));
  return table(['', 'goal', 'measured'], rows);
}

function written(sections: readonly Section[], versions: readonly string[]): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`;
  return [
    '# Measured',
    `The last run of \`npm run bench\`: ${new Date().toISOString().slice(0, 10)}, ${machine}, everything on one machine.`,
    `Compared with ${versions.join(', ')}. Medians of ${rounds} interleaved rounds, in brackets the middle half of them.`,
    'Compare the ratios: milliseconds are another machine’s elsewhere. On a machine that is busy with other things, as',
    `this one was (load average ${loadavg()[2]?.toFixed(1)} on ${cpus().length} processors), only processor time, bytes and counts can be relied on.`,
    '## Goals',
    goalsOf(sections),
    ...sections.map(({ title, text }) => `## ${title}\n\n${text}`),
  ].join('\n\n');
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
