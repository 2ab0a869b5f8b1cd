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

/** The environment variable that names the file for the outcome. */
export const outcomeVariable = 'LOCK_STATUS_TEST_OUTCOME';

/** Runs mocha's tests to the end. */
export async function runMocha(mocha: Mocha): Promise<Outcome> {
  const skipped: Skipped[] = [];
  const stats = await new Promise<Mocha.Stats>((resolve, reject) => {
    const runner = mocha.run(() => {
      if (runner.stats) resolve(runner.stats);
      else reject(new Error('mocha kept no count'));
    });
    runner.on('pending', (test) => skipped.push({ title: test.fullTitle(), why: whyOf(test) }));
  });
  return { passed: stats.passes, failed: stats.failures, skipped };
}

/** Leaves the outcome in the file that the environment names. */
export function leaveOutcome(outcome: Outcome): void {
  const file = process.env[outcomeVariable];
  if (file) writeFileSync(file, JSON.stringify(outcome));
}

/** What several runs came to. */
export function sumOf(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
    skipped: outcomes.flatMap(({ skipped }) => skipped),
    servers: [...new Set(outcomes.flatMap(({ servers }) => servers ?? []))],
  };
}

/** The outcome that a process left; undefined when it ended before it could. */
export function readOutcome(file: string): Outcome | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Outcome) : undefined;
}
