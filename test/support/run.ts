// `npm test`: the rings of tests, from the quickest to the slowest; `npm test -- unit server/apache`
// runs some, or the files of a ring whose path has a part.
import { resolve } from 'node:path';
import { limited } from './limited';
import { findDesktop } from './hosts/desktop';
import { chosenEditions } from './hosts/editions';
import { ensureEditor } from './hosts/install';
import { discard, scratchFolder } from './servers/scratch';
import { packageExtension } from './start/extension';
import { choiceOf, rings, type Choice, type Ring } from './rings/files';
import { once } from './rings/once';
import { report, type RingRun } from './rings/report';
import { places, runRing, type Workplace } from './rings/runs';
import { areToolsProved, markName, markToolsProved } from './rings/toolsMark';
import { availableServers } from './servers/start';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Leaving this way ends what we have started.
  process.on(signal, () => process.exit(1));
}

async function main(wanted: readonly string[]): Promise<number> {
  const words = wanted.length > 0 ? wanted : rings;
  const named = words.map(choiceOf).sort((one, other) => rings.indexOf(one.ring) - rings.indexOf(other.ring));
  const isSpared = wanted.length === 0 && areToolsProved();
  const chosen = named.filter(({ ring }) => ring !== 'tools' || !isSpared);
  if (wanted.length === 0 && !isSpared)
    console.log(`The tools of the tests are not those of ${markName}: their own tests run as well.`);

  // Before the rings begin side by side: two runs of apt would meet, and a window test asks for a server that is there.
  const needsServers = chosen.some(({ ring }) => ring !== 'unit');
  const missing = needsServers
    ? availableServers().skipped.map(({ kind, why }) => `no ${kind} (${why})`)
    : [];

  const scratch = scratchFolder('run');
  const isAlone = new Set(chosen.map(({ ring }) => ring)).size === 1;
  const vsix = once(() => extension(scratch));
  const workplace = { scratch, isAlone, vsix, desktop: once(findDesktop), inTurn: limited(places) };
  // A ring that needs an editor and cannot have it says so itself.
  if (chosen.some(({ ring }) => ring === 'editor' || ring === 'window'))
    void Promise.allSettled(chosenEditions().map(ensureEditor));
  let runs: RingRun[];
  try {
    // Choices of one ring share files, and follow one another.
    const inOrder = async (ring: Ring): Promise<readonly RingRun[]> => {
      const done: RingRun[] = [];
      for (const choice of chosen) if (choice.ring === ring) done.push(...(await attempt(choice, workplace)));
      return done;
    };
    const done = await Promise.all(begins.map(inOrder));
    runs = rings.flatMap((ring) => done[begins.indexOf(ring)] ?? []);
  } finally {
    discard(scratch);
  }
  if (chosen.some(({ ring, part }) => ring === 'tools' && part === '')) noteTools(runs);
  const notRun = isSpared ? [`tools: not run, they are as when their tests last passed (${markName})`] : [];
  return report(runs, { missing, notRun });
}

/**
 * The order in which they take their places: the unit tests tell most in the least time. The windows come last: they
 * go one by one to whoever has time, so that all places are busy to the end.
 */
const begins: readonly Ring[] = ['unit', 'editor', 'window', 'server', 'tools'];

function noteTools(runs: readonly RingRun[]): void {
  const { outcome } = runs.find(({ name }) => name === 'tools') ?? {};
  if (!outcome || outcome.passed === 0 || outcome.failed > 0 || outcome.skipped.length > 0) return;
  if (areToolsProved()) return;
  markToolsProved();
  console.log(`\nThe tests of the tools have passed: ${markName} says so, and belongs into the commit.`);
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

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
