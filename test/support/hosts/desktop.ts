// VS Code itself, where there is one: named by VSCODE_EXECUTABLE or downloaded. The suite is the same.
import { downloadAndUnzipVSCode, runTests, SilentReporter } from '@vscode/test-electron';
import { editions } from './editions';
import { editorsFolder, projectRoot } from './paths';
import type { SuiteRun } from './suite';

export type Desktop =
  { readonly found: true; readonly executable: string } | { readonly found: false; readonly why: string };

export async function findDesktop(): Promise<Desktop> {
  const named = process.env['VSCODE_EXECUTABLE'];
  if (named) return { found: true, executable: named };
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return { found: false, why: 'no display for its window' };
  }
  try {
    const executable = await downloadAndUnzipVSCode({
      version: editions[0].vscode,
      cachePath: editorsFolder,
      reporter: new SilentReporter(),
      timeout: 5_000,
    });
    return { found: true, executable };
  } catch (error) {
    return { found: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** Runs a suite in VS Code and gives the exit code. */
export async function runSuiteInDesktop(executable: string, run: SuiteRun): Promise<number> {
  return runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: projectRoot,
    extensionTestsPath: run.suite,
    extensionTestsEnv: run.env,
    launchArgs: [run.folder, '--disable-extensions', '--disable-telemetry'],
  }).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  });
}
