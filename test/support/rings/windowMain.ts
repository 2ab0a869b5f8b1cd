// Runs window tests file by file, so that processes beside one another can share them as they get to them.
import type Mocha from 'mocha';
import { closePlaces } from '../hosts/places';
import { windowVariables } from '../hosts/windowUnderTest';
import { sumOf, runMocha, type Outcome } from './outcome';
import { untaken, windowFilesFor } from './windowTests';
import { windowHooks } from './windowHooks';

export async function runWindowFiles(
  files: readonly string[],
  { areNamed, newMocha }: { readonly areNamed: boolean; readonly newMocha: () => Mocha },
): Promise<Outcome> {
  const vscode = process.env[windowVariables.vscode] ?? '';
  const outcomes: Outcome[] = [];
  try {
    for (const file of untaken(windowFilesFor(vscode, files, areNamed))) {
      const mocha = newMocha();
      mocha.rootHooks(windowHooks);
      mocha.addFile(file);
      await mocha.loadFilesAsync();
      outcomes.push(await runMocha(mocha));
    }
  } finally {
    await closePlaces();
  }
  return sumOf(outcomes);
}
