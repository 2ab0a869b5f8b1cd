// The extension as a person would get it: one VSIX, built from what is here now.
import path from 'node:path';
import { projectRoot } from '../hosts/paths';
import { runOrThrow } from '../hosts/processes';

export async function packageExtension(into: string): Promise<string> {
  const vsix = path.join(into, 'lock-status.vsix');
  await runOrThrow('npm', ['run', '--silent', 'package', '--', '--out', vsix], { cwd: projectRoot });
  return vsix;
}
