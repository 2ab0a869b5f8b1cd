// The extension as a person would get it: one VSIX, built from what is here now.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../hosts/paths';
import { runOrThrow } from '../hosts/processes';
import { step } from './progress';

export async function packageExtension(into: string): Promise<string> {
  const vsix = path.join(into, 'lock-status.vsix');
  await runOrThrow('npm', ['run', '--silent', 'package', '--', '--out', vsix], { cwd: projectRoot });
  return vsix;
}

/** All that goes into the VSIX or says how it is built. */
const sources = [
  ...['src', 'media', 'l10n', 'notices', '.vscodeignore', 'esbuild.js', 'readme.js', 'tsconfig.json'],
  ...['package.json', 'package-lock.json', 'lock-status.d.ts'],
  ...['README.md', 'CHANGELOG.md', 'LICENSE', 'ThirdPartyNotices.txt'],
];

/** Built only if something has changed since the last time. */
export async function builtExtension(): Promise<string> {
  const folder = path.join(projectRoot, 'out', 'start', hashOf(sources));
  const vsix = path.join(folder, 'lock-status.vsix');
  if (existsSync(vsix)) return vsix;
  rmSync(path.dirname(folder), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return step('Building the extension', () => packageExtension(folder));
}

function hashOf(names: readonly string[]): string {
  const hash = createHash('sha256');
  const translated = readdirSync(projectRoot).filter((name) => name.startsWith('package.nls'));
  for (const name of [...names, ...translated].sort()) {
    const whole = path.join(projectRoot, name);
    const isFolder = statSync(whole).isDirectory();
    const files = isFolder ? readdirSync(whole, { recursive: true, encoding: 'utf8' }).sort() : [''];
    for (const file of files) {
      const one = path.join(whole, file);
      if (statSync(one).isFile()) hash.update(`${name}/${file}\0`).update(readFileSync(one));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
