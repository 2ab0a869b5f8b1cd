// Installs the Debian packages that some tests run against, where that is possible, and says why where it is not.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';

export interface DebianPackage {
  readonly package: string;
  /** A file that exists once the package is installed. */
  readonly file: string;
}

export type Installed = { readonly ok: true } | { readonly ok: false; readonly why: string };

const POLICY = '/usr/sbin/policy-rc.d';

export function ensureDebianPackages(wanted: readonly DebianPackage[]): Installed {
  const missing = wanted.filter((one) => !existsSync(one.file));
  if (missing.length === 0) return { ok: true };
  const names = [...new Set(missing.map((one) => one.package))];
  const lacking = `not installed: ${names.join(', ')}`;
  if (!existsSync('/usr/bin/apt-get')) return { ok: false, why: `${lacking} (this system has no apt-get)` };
  if (process.getuid?.() !== 0)
    return { ok: false, why: `${lacking} (only root can install Debian packages)` };

  console.log(`Installing Debian packages: ${names.join(' ')}`);
  const refused = withoutServices(
    () => apt('update') ?? apt('install', '-y', '--no-install-recommends', ...names),
  );
  if (refused !== undefined) return { ok: false, why: `${lacking} (${refused})` };
  const absent = missing.filter((one) => !existsSync(one.file));
  return absent.length === 0
    ? { ok: true }
    : { ok: false, why: `installed, but still absent: ${absent.map((one) => one.file).join(', ')}` };
}

function apt(...args: string[]): string | undefined {
  const run = spawnSync('/usr/bin/apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status === 0) return undefined;
  const said = (run.stderr || run.stdout || run.error?.message || '')
    .trim()
    .split('\n')
    .slice(-3)
    .join(' / ');
  return `apt-get ${args[0]} failed: ${said}`;
}

/** The packages would start their servers on port 80; the tests start their own, on ports of their own. */
function withoutServices<T>(install: () => T): T {
  if (existsSync(POLICY)) return install();
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n');
  chmodSync(POLICY, 0o755);
  try {
    return install();
  } finally {
    rmSync(POLICY, { force: true });
  }
}
