import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'node:util';
import type { Page } from 'playwright-core';
import { openBrowser } from './chromium';
import type { Edition } from './editions';
import { suiteMark } from '../rings/suiteMark';
import { outputFolder, projectRoot } from './paths';
import { startHost, type EditorHost } from './server';

export interface SuiteRun {
  /** The module whose `run()` runs the tests inside the extension host. */
  readonly suite: string;
  /** The folder that the window opens. */
  readonly folder: string;
  /** What the suite is told by its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds for all of the suite. */
  readonly deadline: number;
  /** Takes what the suite prints, line by line. */
  readonly print: (line: string) => void;
}

/** Runs a suite in the extension host of one edition and gives the exit code. */
export async function runSuite(edition: Edition, run: SuiteRun): Promise<number> {
  const host = await startHost({
    edition,
    env: { ...run.env, LOCK_STATUS_TEST_MARKED: '1' },
    args: ['--enable-smoke-test-driver'],
  });
  try {
    const browser = await openBrowser();
    try {
      return await runInWindow(host, await browser.context.newPage(), run);
    } finally {
      await browser.close();
    }
  } finally {
    await host.stop();
  }
}

async function runInWindow(host: EditorHost, page: Page, run: SuiteRun): Promise<number> {
  const log = join(await outputFolder(), `suite-${host.edition.vscode}.log`);
  await writeFile(log, '');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), run.deadline);
  });
  const finished = new Promise<number>((resolve, reject) => {
    page.once('crash', () => reject(new Error('The window of the editor crashed')));
    exposeOutcome(page, { log, print: run.print, ended: resolve })
      .then(() => page.goto(addressOf(host, run)), reject)
      .catch(reject);
  });
  const outcome = await Promise.race([finished, late]);
  clearTimeout(timer);
  if (outcome !== 'late') return outcome;
  run.print(`The suite did not end within ${run.deadline / 1000} s; what the window said: ${log}`);
  await showWindow(host, page, run.print);
  return 1;
}

/** The workbench's own functions for a window that runs tests: what they print and how they end. */
async function exposeOutcome(
  page: Page,
  to: { readonly log: string; readonly print: SuiteRun['print']; readonly ended: (code: number) => void },
): Promise<void> {
  await page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => {
    const line = format(...args);
    // The workbench and the extension print here as well, and have much to say.
    if (line.startsWith(suiteMark)) to.print(line.slice(suiteMark.length));
    else appendFileSync(to.log, `${type}: ${line}\n`);
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => to.ended(code));
}

function addressOf(host: EditorHost, run: SuiteRun): string {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${host.port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(projectRoot)],
    ['extensionTestsPath', remote(run.suite)],
  ];
  const query = new URLSearchParams({ folder: run.folder, payload: JSON.stringify(payload) });
  return `${host.origin}/?${query.toString()}`;
}

async function showWindow(host: EditorHost, page: Page, print: SuiteRun['print']): Promise<void> {
  const picture = join(await outputFolder(), `late-suite-${host.edition.vscode}.png`);
  await page.screenshot({ path: picture });
  print(`The window: ${picture}\nThe editor's log:\n${host.log.join('\n')}`);
}
