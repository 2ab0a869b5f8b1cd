// Runs the editor ring's tests inside the extension host.
import type MochaType from 'mocha';
import { format } from 'node:util';
import * as vscode from 'vscode';
import { leaveOutcome, runMocha } from './outcome';
import { patience } from './patience';
import { suiteMark } from './suiteMark';

/** Loads the tests once mocha's words are there, and runs them. */
export async function runSuite(loadTests: () => void): Promise<void> {
  // mocha is an ES module, which the extension host of the oldest editor cannot `require`.
  const { default: Mocha } = await import('mocha');
  if (process.env['LOCK_STATUS_TEST_MARKED']) markLines(Mocha);
  const mocha = new Mocha({ timeout: patience.editor, forbidOnly: true, reporter: 'spec', color: false });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  loadTests();
  const outcome = await runMocha(mocha);
  leaveOutcome({ ...outcome, ranIn: `VS Code ${vscode.version}` });
  if (outcome.failed > 0) throw new Error(`${outcome.failed} failed`);
}

function markLines(Mocha: typeof MochaType): void {
  const print = Mocha.reporters.Base.consoleLog;
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => {
    for (const line of format(...args).split('\n')) print(suiteMark + line);
  };
}
