// `npm test`: the rings of tests, from the quickest to the slowest; `npm test -- unit server/apache`
// runs some, or the files of a ring whose path has a part.
import { resolve } from 'node:path';
import { chosenEditions } from './hosts/editions';
import { ensureEditor } from './hosts/install';
import { discard, scratchFolder } from './servers/scratch';
import { packageExtension } from './start/extension';
import { choiceOf, rings, type Choice, type Ring } from './rings/files';
import { report, type RingRun } from './rings/report';
import { runRing, type Workplace } from './rings/runs';
import { describeServers } from './rings/serverControl';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Leaving this way ends what we have started.
  process.on(signal, () => process.exit(1));
}

async function main(wanted: readonly string[]): Promise<number> {
  const words = wanted.length > 0 ? wanted : rings;
  const chosen = words
    .map(choiceOf)
    .sort((one, other) => rings.indexOf(one.ring) - rings.indexOf(other.ring));

  const scratch = scratchFolder('run');
  const isAlone = new Set(chosen.map(({ ring }) => ring)).size === 1;
  const workplace = { scratch, isAlone, vsix: once(() => extension(scratch)) };
  const inTurn = async (...some: readonly Ring[]): Promise<RingRun[]> => {
    const done: RingRun[] = [];
    for (const choice of chosen)
      if (some.includes(choice.ring)) done.push(...(await attempt(choice, workplace)));
    return done;
  };
  // A ring that needs an editor and cannot have it says so itself.
  if (chosen.some(({ ring }) => ring === 'editor' || ring === 'window'))
    void Promise.allSettled(chosenEditions().map(ensureEditor));
  let runs: RingRun[];
  try {
    // The tests against servers mostly wait, and run beside the others.
    runs = (await Promise.all([inTurn('unit', 'editor', 'window'), inTurn('server')])).flat();
  } finally {
    discard(scratch);
  }
  const needsServers = chosen.some(({ ring }) => ring !== 'unit');
  return report(runs, needsServers ? await describeServers() : []);
}

// A ring that cannot even start fails; the rings after it still tell what they know.
async function attempt(choice: Choice, workplace: Workplace): Promise<readonly RingRun[]> {
  try {
    return await runRing(choice, workplace);
  } catch (error) {
    console.error(error);
    return [{ name: choice.ring, outcome: undefined, exitCode: 1, seconds: 0 }];
  }
}

/** The extension as a person gets it: built from what is here, or the file that LOCK_STATUS_TEST_VSIX names. */
async function extension(scratch: string): Promise<string> {
  const named = process.env['LOCK_STATUS_TEST_VSIX'];
  if (named) return resolve(named);
  console.log('\nPackaging the extension ...');
  return packageExtension(scratch);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
