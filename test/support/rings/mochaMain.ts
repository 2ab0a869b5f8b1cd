// Runs one ring in a process of its own: `mochaMain.ts <ring>[/<part of a file's path>]`.
import Mocha from 'mocha';
import { cores } from '../limited';
import { startedServers } from '../servers/started';
import { choiceOf, testFilesOf, type Choice } from './files';
import { runToOutcome } from './outcome';
import { patience } from './patience';
import { recognize, runsUnrecognized } from './recognition';
import { filesOfShare, shareVariable } from './windowShares';

function chosenFiles(choice: Choice): readonly string[] {
  const files = testFilesOf(choice).filter((file) => recognize || runsUnrecognized(file));
  const share = process.env[shareVariable];
  return share === undefined ? files : filesOfShare(files, share, choice.part !== '');
}

async function main(choice: Choice): Promise<number> {
  const files = chosenFiles(choice);
  // Only what needs neither servers nor editors is a matter of the processor alone.
  const parallel = choice.ring === 'unit' && cores > 1 && files.length > 1;
  const mocha = new Mocha({
    timeout: patience[choice.ring],
    forbidOnly: true,
    reporter: 'spec',
    parallel,
    jobs: cores,
  });
  // Imported for its own ring only: what drives a browser changes the process for the others.
  if (choice.ring === 'window') mocha.rootHooks((await import('./windowHooks')).windowHooks);
  for (const file of files) mocha.addFile(file);
  if (!parallel) await mocha.loadFilesAsync();
  const { failed } = await runToOutcome(mocha, { servers: startedServers });
  return failed > 0 ? 1 : 0;
}

main(choiceOf(process.argv[2] ?? '')).then(
  // Sockets that a test left open must not hold up the rings after it.
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
