import type { Outcome } from './outcome';

/** One run of one ring. */
export interface RingRun {
  /** `unit`, `window in VS Code 1.100.3` ... */
  readonly name: string;
  /** undefined when the run ended before it could tell. */
  readonly outcome: Outcome | undefined;
  readonly exitCode: number;
  readonly seconds: number;
  /** The servers that it ran against, with their versions, where they were started outside of it. */
  readonly servers?: readonly string[];
}

/** What else a person has to know of a run. */
export interface Remarks {
  /** Servers that could not be had, and why. */
  readonly missing: readonly string[];
  /** Rings that were not run, and why. */
  readonly notRun: readonly string[];
}

/** Prints what ran and came of it, with the counts alone on the last line; gives the exit code. */
export function report(runs: readonly RingRun[], { missing, notRun }: Remarks): number {
  console.log('\nSummary');
  for (const run of runs) console.log(`  ${run.name}: ${verdict(run)} (${run.seconds.toFixed(1)} s)`);
  for (const line of notRun) console.log(`  ${line}`);
  const servers = [...new Set(runs.flatMap((run) => run.servers ?? run.outcome?.servers ?? [])), ...missing];
  if (servers.length > 0) console.log(`  servers: ${servers.join(', ')}`);
  for (const { name, outcome } of runs) {
    for (const { title, why } of outcome?.skipped ?? [])
      console.log(`  skipped in ${name}: ${title}: ${why}`);
  }
  const total = (count: (outcome: Outcome) => number): number =>
    runs.reduce((sum, { outcome }) => sum + (outcome ? count(outcome) : 0), 0);
  const broken = runs.filter(isBroken).length;
  const passed = total((outcome) => outcome.passed);
  const failed = total((outcome) => outcome.failed) + broken;
  console.log(`${passed} passed, ${failed} failed, ${total((outcome) => outcome.skipped.length)} skipped`);
  return failed > 0 ? 1 : 0;
}

// A run that fell over, or in which nothing ran, is a failure that no test counted.
function isBroken({ outcome, exitCode }: RingRun): boolean {
  if (!outcome || outcome.passed + outcome.failed === 0) return true;
  return exitCode !== 0 && outcome.failed === 0;
}

function verdict(run: RingRun): string {
  const { outcome } = run;
  if (!outcome) return `ended with ${run.exitCode} before it was done`;
  const where = outcome.ranIn === undefined ? '' : ` in ${outcome.ranIn}`;
  if (outcome.passed + outcome.failed === 0) return `no test ran${where}`;
  const ended = isBroken(run) ? `, ended with ${run.exitCode}` : '';
  return `${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped.length} skipped${where}${ended}`;
}
