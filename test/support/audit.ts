// `npm run audit`: asks the registry for known weaknesses of the packages in the bundle. They are development
// dependencies, because the bundle contains them, so that npm's own audit of what ships would look at nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledPackages } from './bundled';

interface Report {
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly via: readonly unknown[] }>
  >;
}

async function audit(): Promise<number> {
  const packages = await bundledPackages();
  const names = packages.map(({ name, version }) => `${name} ${version}`).join(', ');
  const folder = mkdtempSync(join(tmpdir(), 'lock-status-audit-'));
  try {
    const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
    npm(folder, 'install', '--package-lock-only', '--ignore-scripts', '--no-audit');
    return tell(names, npm(folder, 'audit', '--json'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The exit code: 1 for a weakness. Without an answer it says so and goes on, because that is no finding. */
function tell(names: string, answer: string): number {
  const report = readReport(answer);
  if (!report?.vulnerabilities) {
    console.log(`Not audited, because the registry gave no report. Bundled: ${names}.`);
    return 0;
  }
  const found = Object.entries(report.vulnerabilities);
  for (const [name, { severity, via }] of found) console.log(`${name}: ${severity} ${JSON.stringify(via)}`);
  console.log(`Audited: ${names}. ${found.length} with a known weakness.`);
  return found.length === 0 ? 0 : 1;
}

function readReport(answer: string): Report | undefined {
  try {
    return JSON.parse(answer) as Report;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function npm(folder: string, ...args: readonly string[]): string {
  const { stdout } = spawnSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return stdout ?? '';
}

audit().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
