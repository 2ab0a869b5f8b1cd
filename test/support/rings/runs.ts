// How each ring is run.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findDesktop, runSuiteInDesktop } from '../hosts/desktop';
import { chosenEditions } from '../hosts/editions';
import { projectRoot } from '../hosts/paths';
import { runBeside, runInherited } from '../hosts/processes';
import { runSuite, type SuiteRun } from '../hosts/suite';
import { windowVariables } from '../hosts/windowUnderTest';
import { cores, type Limited } from '../limited';
import { bundleSuite } from './bundle';
import { testFilesOf, type Choice } from './files';
import { outcomeVariable, readOutcome } from './outcome';
import { recognitionVariable, runsUnrecognized } from './recognition';
import type { RingRun } from './report';
import { once } from './once';
import { startServers } from './serverControl';
import { shareVariable, sharesOf } from './windowShares';

export interface Workplace {
  /** For files that last no longer than the run. */
  readonly scratch: string;
  /** Whether no other ring runs, now or later. */
  readonly isAlone: boolean;
  /** Builds the extension when it is first asked for; gives the VSIX. */
  readonly vsix: () => Promise<string>;
  /** The places on this machine for what keeps a processor busy. */
  readonly inTurn: Limited;
}

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

async function runInWindows(choice: Choice, workplace: Workplace): Promise<readonly RingRun[]> {
  const files = testFilesOf(choice);
  const shares = chosenEditions().flatMap((edition) =>
    sharesOf(edition, files).map((share) => ({ vscode: edition.vscode, share })),
  );
  const beside = shares.length > 1 || !workplace.isAlone;
  return Promise.all(
    shares.map(({ vscode, share }) =>
      workplace.inTurn(async () => {
        const vsix = await workplace.vsix();
        const own = {
          [windowVariables.vscode]: vscode,
          [windowVariables.vsix]: vsix,
          [shareVariable]: share,
        };
        return measured(`window in VS Code ${share}`, workplace, (env, heading) =>
          mochaProcess(choice, { ...env, ...own }, { heading, beside }),
        );
      }),
    ),
  );
}

async function runInEditors(choice: Choice, workplace: Workplace): Promise<readonly RingRun[]> {
  const desktop = await findDesktop();
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
  const args = ['--import', 'tsx', main, `${ring}/${part}`];
  const options = { cwd: projectRoot, env: { ...process.env, ...env } };
  if (beside) return runBeside(heading, process.execPath, args, options);
  console.log(heading);
  return runInherited(process.execPath, args, options);
}
