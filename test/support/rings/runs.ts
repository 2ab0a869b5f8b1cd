// How each ring is run.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { runSuiteInDesktop, type Desktop } from '../hosts/desktop';
import { chosenEditions } from '../hosts/editions';
import { projectRoot } from '../hosts/paths';
import { runBeside, runInherited } from '../hosts/processes';
import { runSuite, type SuiteRun } from '../hosts/suite';
import { windowVariables } from '../hosts/windowUnderTest';
import { cores, type Limited } from '../limited';
import { bundleSuite } from './bundle';
import { testFilesOf, type Choice } from './files';
import { outcomeVariable, readOutcome, sumOf } from './outcome';
import { recognitionVariable, runsUnrecognized } from './recognition';
import type { RingRun } from './report';
import { once } from './once';
import { startServers } from './serverControl';
import { processesFor, takenVariable } from './windowTests';

export interface Workplace {
  /** For files that last no longer than the run. */
  readonly scratch: string;
  /** Whether no other ring runs, now or later. */
  readonly isAlone: boolean;
  /** Builds the extension when it is first asked for; gives the VSIX. */
  readonly vsix: () => Promise<string>;
  /** Looks for VS Code itself when it is first asked for. */
  readonly desktop: () => Promise<Desktop>;
  /** The {@link places} on this machine for what keeps a processor busy. */
  readonly inTurn: Limited;
}

/** No more than there are processors: an editor and its browser keep more than one busy, and each more takes longer. */
export const places = cores;

/** Milliseconds for the whole suite in one editor. */
const suiteDeadline = 30 * 60_000;

export function runRing(choice: Choice, workplace: Workplace): Promise<readonly RingRun[]> {
  switch (choice.ring) {
    case 'unit':
    case 'tools':
      return runInNode(choice, workplace);
    case 'server':
      return runOnServers(choice, workplace);
    case 'editor':
      return runInEditors(choice, workplace);
    case 'window':
      return runInWindows(choice, workplace);
  }
}

async function runInNode(choice: Choice, workplace: Workplace): Promise<readonly RingRun[]> {
  const beside = choice.ring !== 'unit' && !workplace.isAlone;
  const run = (): Promise<RingRun> =>
    measured(choice.ring, workplace, (env, heading) => mochaProcess(choice, env, { heading, beside }));
  // The unit tests use all processors by themselves; those against servers mostly wait, and run beside whatever runs.
  return [await (choice.ring === 'unit' ? workplace.inTurn(run, cores) : run())];
}

/** Once more where no server is recognized. */
async function runOnServers(choice: Choice, workplace: Workplace): Promise<readonly RingRun[]> {
  const runs = await runInNode(choice, workplace);
  if (!testFilesOf(choice).some(runsUnrecognized)) return runs;
  const beside = !workplace.isAlone;
  const again = await measured('server, none recognized', workplace, (env, heading) =>
    mochaProcess(choice, { ...env, [recognitionVariable]: 'off' }, { heading, beside }),
  );
  return [...runs, again];
}

/** In each edition, by as many processes as share its files. */
async function runInWindows(choice: Choice, workplace: Workplace): Promise<readonly RingRun[]> {
  // The editors are in line first: they take long, and the windows fill what they leave.
  if (!workplace.isAlone) await workplace.desktop();
  const chosen = chosenEditions();
  return Promise.all(
    chosen.map(async (edition) => {
      const count = Math.min(processesFor(edition, places), testFilesOf(choice).length);
      const beside = chosen.length * count > 1 || !workplace.isAlone;
      const taken = mkdtempSync(join(workplace.scratch, 'taken-'));
      const runs = Array.from({ length: count }, (_, index) =>
        workplace.inTurn(async () => {
          const own = {
            [windowVariables.vscode]: edition.vscode,
            [windowVariables.vsix]: await workplace.vsix(),
            [takenVariable]: taken,
          };
          const name = `window in VS Code ${edition.vscode}${count > 1 ? ` ${index + 1}/${count}` : ''}`;
          return measured(name, workplace, (env, heading) =>
            mochaProcess(choice, { ...env, ...own }, { heading, beside }),
          );
        }),
      );
      return together(`window in VS Code ${edition.vscode}`, await Promise.all(runs));
    }),
  );
}

/** Runs that share their files, as one; a process may have come too late to run any. */
function together(name: string, runs: readonly RingRun[]): RingRun {
  const outcomes = runs.map(({ outcome }) => outcome).filter((outcome) => outcome !== undefined);
  return {
    name,
    // One that fell over takes what it ran with it.
    outcome: outcomes.length < runs.length ? undefined : sumOf(outcomes),
    exitCode: Math.max(...runs.map(({ exitCode }) => exitCode)),
    seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

async function runInEditors(choice: Choice, workplace: Workplace): Promise<readonly RingRun[]> {
  const desktop = await workplace.desktop();
  const suite = once(async () => {
    await workplace.vsix();
    return bundleSuite(choice);
  });
  const runIn = async (
    name: string,
    how: { readonly beside: boolean; readonly start: (run: SuiteRun) => Promise<number> },
  ): Promise<RingRun> => {
    const servers: string[] = [];
    const run = await measured(name, workplace, async (env, heading) => {
      const { print, flush } = printer(how.beside);
      print(heading);
      const folder = join(workplace.scratch, `workspace-${name.replaceAll(/\W+/g, '-')}`);
      mkdirSync(folder, { recursive: true });
      const running = await startServers();
      servers.push(...running.names);
      try {
        print(`  on ${servers.join(', ')}`);
        const all = { ...env, ...running.env };
        return await how.start({ suite: await suite(), folder, env: all, deadline: suiteDeadline, print });
      } finally {
        await running.stop();
        flush();
      }
    });
    return { ...run, servers };
  };

  if (desktop.found) {
    const runs: RingRun[] = [];
    // One after the other, because they print by themselves.
    for (const { executable, vscode } of desktop.editors) {
      const name = `editor in VS Code ${vscode ?? ''}`.trimEnd();
      const start = (run: SuiteRun): Promise<number> => runSuiteInDesktop(executable, run);
      runs.push(await workplace.inTurn(() => runIn(name, { beside: false, start })));
    }
    return runs;
  }
  console.log(
    `\nVS Code's own window is not used: ${desktop.why}. Its extension host runs under code-server.`,
  );
  const editions = chosenEditions();
  const beside = editions.length > 1 || !workplace.isAlone;
  return Promise.all(
    editions.map((edition) => {
      const start = (run: SuiteRun): Promise<number> => runSuite(edition, run);
      const name = `editor in code-server ${edition.codeServer}`;
      return workplace.inTurn(() => runIn(name, { beside, start }));
    }),
  );
}

/** Prints at once, or in one piece when told to, while others print as well. */
function printer(beside: boolean): { readonly print: (line: string) => void; readonly flush: () => void } {
  const lines: string[] = [];
  const print = (line: string): void => void (beside ? lines.push(line) : console.log(line));
  return { print, flush: () => lines.length > 0 && console.log(lines.join('\n')) };
}

type Env = Readonly<Record<string, string>>;

async function measured(
  name: string,
  workplace: Workplace,
  run: (env: Env, heading: string) => Promise<number>,
): Promise<RingRun> {
  const file = join(workplace.scratch, `${name.replaceAll(/\W+/g, '-')}.json`);
  const start = performance.now();
  const exitCode = await run({ [outcomeVariable]: file }, `\n== ${name}`);
  return { name, exitCode, outcome: readOutcome(file), seconds: (performance.now() - start) / 1000 };
}

/** `beside`: while others run and print. */
function mochaProcess(
  { ring, part }: Choice,
  env: Env,
  { heading, beside }: { readonly heading: string; readonly beside: boolean },
): Promise<number> {
  const main = join(projectRoot, 'test/support/rings/mochaMain.ts');
  const compiler =
    ring === 'unit' ? ['--require', join(projectRoot, 'test/support/compile.cjs')] : ['--import', 'tsx'];
  const args = [...compiler, main, `${ring}/${part}`];
  const options = { cwd: projectRoot, env: { ...process.env, ...env } };
  if (beside) return runBeside(heading, process.execPath, args, options);
  console.log(heading);
  return runInherited(process.execPath, args, options);
}
