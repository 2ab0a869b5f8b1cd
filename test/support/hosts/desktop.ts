// VS Code itself, where there is one: named by VSCODE_EXECUTABLE or downloaded. The suite is the same.
import { downloadAndUnzipVSCode, runTests, SilentReporter } from '@vscode/test-electron';
import { chosenEditions } from './editions';
import { editorsFolder, projectRoot } from './paths';
import type { SuiteRun } from './suite';

export interface DesktopEditor {
  readonly executable: string;
  /** Its version; of one that VSCODE_EXECUTABLE names only the suite itself can tell. */
  readonly vscode: string | undefined;
}

export type Desktop =
  | { readonly found: true; readonly editors: readonly DesktopEditor[] }
  | { readonly found: false; readonly why: string };

/** All chosen editions, or none: a ring that ran in one of them would pass for a ring that ran in both. */
export async function findDesktop(): Promise<Desktop> {
  const named = process.env['VSCODE_EXECUTABLE'];
  if (named) return { found: true, editors: [{ executable: named, vscode: undefined }] };
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return { found: false, why: 'no display for its window' };
  }
  try {
    const editors: DesktopEditor[] = [];
    for (const { vscode } of chosenEditions()) editors.push({ executable: await download(vscode), vscode });
    return { found: true, editors };
  } catch (error) {
    return { found: false, why: error instanceof Error ? error.message : String(error) };
  }
}

function download(version: string): Promise<string> {
  return downloadAndUnzipVSCode({
    version,
    cachePath: editorsFolder,
    reporter: new SilentReporter(),
    timeout: 5_000,
  });
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
