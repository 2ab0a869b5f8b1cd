// Runs one ring in a process of its own: `mochaMain.ts <ring>[/<part of a file's path>]`.
import Mocha from 'mocha';
import { cores } from '../limited';
import { startedServers } from '../servers/started';
import { choiceOf, testFilesOf, type Choice } from './files';
import { longestFirst } from './longest';
import { leaveOutcome, runMocha, type Outcome } from './outcome';
import { patience } from './patience';
import { recognize, runsUnrecognized } from './recognition';

async function run(choice: Choice): Promise<Outcome> {
  const files = testFilesOf(choice).filter((file) => recognize || runsUnrecognized(file));
  // Only what needs neither servers nor editors is a matter of the processor alone.
  const parallel = choice.ring === 'unit' && cores > 1 && files.length > 1;
  const newMocha = (): Mocha =>
    new Mocha({
      timeout: patience[choice.ring],
      forbidOnly: true,
      reporter: 'spec',
      parallel,
      jobs: cores,
    });
  if (choice.ring === 'window') {
    // Imported for its own ring only: what drives a browser changes the process for the others.
    const { runWindowFiles } = await import('./windowMain');
    return runWindowFiles(files, { areNamed: choice.part !== '', newMocha });
  }
  const mocha = newMocha();
  for (const file of parallel ? longestFirst(files) : files) mocha.addFile(file);
  if (!parallel) await mocha.loadFilesAsync();
  return runMocha(mocha);
}

async function main(choice: Choice): Promise<number> {
  const outcome = await run(choice);
  leaveOutcome({ ...outcome, servers: [...startedServers] });
  return outcome.failed > 0 ? 1 : 0;
}

main(choiceOf(process.argv[2] ?? '')).then(
  // Sockets that a test left open must not hold up the rings after it.
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
