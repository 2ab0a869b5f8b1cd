// How each ring is run.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findDesktop, runSuiteInDesktop } from '../hosts/desktop';
import { chosenEditions } from '../hosts/editions';
import { projectRoot } from '../hosts/paths';
import { runBeside, runInherited } from '../hosts/processes';
import { runSuite, type SuiteRun } from '../hosts/suite';
import { windowVariables } from '../hosts/windowUnderTest';
import { bundleSuite } from './bundle';
import { testFilesOf, type Choice } from './files';
import { outcomeVariable, readOutcome } from './outcome';
import { recognitionVariable, runsUnrecognized } from './recognition';
import type { RingRun } from './report';
import { startServers } from './serverControl';

export interface Workplace {
  /** For files that last no longer than the run. */
  readonly scratch: string;
  /** Whether no other ring runs, now or later. */
  readonly isAlone: boolean;
  /** Builds the extension when it is first asked for; gives the VSIX. */
  readonly vsix: () => Promise<string>;
}

/** Milliseconds for the whole suite in one editor. */
const suiteDeadline = 15 * 60_000;

export function runRing(choice: Choice, workplace: Workplace): Promise<readonly RingRun[]> {
  switch (choice.ring) {
    case 'unit':
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
  const beside = choice.ring === 'server' && !workplace.isAlone;
  return [
    await measured(choice.ring, workplace, (env, heading) => mochaProcess(choice, env, { heading, beside })),
  ];
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

/** All at once: a window mostly waits. */
async function runInWindows(choice: Choice, workplace: Workplace): Promise<readonly RingRun[]> {
  const vsix = await workplace.vsix();
  const editions = chosenEditions();
  const beside = editions.length > 1;
  return Promise.all(
    editions.map(({ vscode }) => {
      const own = { [windowVariables.vscode]: vscode, [windowVariables.vsix]: vsix };
      return measured(`window in VS Code ${vscode}`, workplace, (env, heading) =>
        mochaProcess(choice, { ...env, ...own }, { heading, beside }),
      );
    }),
  );
}

async function runInEditors(choice: Choice, workplace: Workplace): Promise<readonly RingRun[]> {
  await workplace.vsix();
  const suite = await bundleSuite(choice);
  const runIn = (name: string, start: (run: SuiteRun) => Promise<number>): Promise<RingRun> =>
    measured(name, workplace, async (env, heading) => {
      console.log(heading);
      const folder = join(workplace.scratch, 'workspace');
      mkdirSync(folder, { recursive: true });
      const servers = await startServers();
      try {
        console.log(`  on ${servers.names.join(', ')}`);
        return await start({ suite, folder, env: { ...env, ...servers.env }, deadline: suiteDeadline });
      } finally {
        await servers.stop();
      }
    });

  const runs: RingRun[] = [];
  const desktop = await findDesktop();
  if (desktop.found) {
    for (const { executable, vscode } of desktop.editors) {
      const name = `editor in VS Code ${vscode ?? ''}`.trimEnd();
      runs.push(await runIn(name, (run) => runSuiteInDesktop(executable, run)));
    }
    return runs;
  }
  console.log(
    `\nVS Code's own window is not used: ${desktop.why}. Its extension host runs under code-server.`,
  );
  for (const edition of chosenEditions()) {
    const name = `editor in code-server ${edition.codeServer}`;
    runs.push(await runIn(name, (run) => runSuite(edition, run)));
  }
  return runs;
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
