// Runs one ring in a process of its own: `mochaMain.ts <ring>[/<part of a file's path>]`.
import Mocha from 'mocha';
import { choiceOf, testFilesOf, type Choice, type Ring } from './files';
import { runToOutcome } from './outcome';
import { recognize, runsUnrecognized } from './recognition';

/** Milliseconds for one test. */
const patience: Readonly<Record<Ring, number>> = {
  unit: 10_000,
  server: 60_000,
  editor: 60_000,
  window: 180_000,
};

async function main(choice: Choice): Promise<number> {
  const mocha = new Mocha({ timeout: patience[choice.ring], forbidOnly: true, reporter: 'spec' });
  // Imported for its own ring only: what drives a browser changes the process for the others.
  if (choice.ring === 'window') mocha.rootHooks((await import('./windowHooks')).windowHooks);
  for (const file of testFilesOf(choice)) if (recognize || runsUnrecognized(file)) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const { failed } = await runToOutcome(mocha);
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
