// What one run of mocha came to, carried from the process that ran it to the one that sums up.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type Mocha from 'mocha';
import { whyOf } from './skip';

export interface Skipped {
  readonly title: string;
  readonly why: string;
}

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly Skipped[];
  /** What ran the tests, where it is known only in there. */
  readonly ranIn?: string;
  /** The servers that they were run against, with their versions. */
  readonly servers?: readonly string[];
}

/** What only the process that runs the tests knows of itself. */
export interface Known {
  readonly ranIn?: string;
  /** Complete once the tests have run. */
  readonly servers?: ReadonlySet<string>;
}

/** The environment variable that names the file for the outcome. */
export const outcomeVariable = 'LOCK_STATUS_TEST_OUTCOME';

/** Runs mocha's tests to the end and leaves the outcome in the file that the environment names. */
export async function runToOutcome(mocha: Mocha, { ranIn, servers }: Known = {}): Promise<Outcome> {
  const skipped: Skipped[] = [];
  const stats = await new Promise<Mocha.Stats>((resolve, reject) => {
    const runner = mocha.run(() => {
      if (runner.stats) resolve(runner.stats);
      else reject(new Error('mocha kept no count'));
    });
    runner.on('pending', (test) => skipped.push({ title: test.fullTitle(), why: whyOf(test) }));
  });
  const outcome = {
    ...{ passed: stats.passes, failed: stats.failures, skipped },
    ...(ranIn === undefined ? {} : { ranIn }),
    ...(servers === undefined ? {} : { servers: [...servers] }),
  };
  const file = process.env[outcomeVariable];
  if (file) writeFileSync(file, JSON.stringify(outcome));
  return outcome;
}

/** The outcome that a process left; undefined when it ended before it could. */
export function readOutcome(file: string): Outcome | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Outcome) : undefined;
}
