// Whether the tools of the tests are those that their own tests have passed with.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../hosts/paths';

const support = join(projectRoot, 'test/support');
const mark = join(support, 'tools.sha256');

/** As a person finds it. */
export const markName = 'test/support/tools.sha256';

/** All that the tests of the tools exercise, and these tests. */
function toolFiles(): readonly string[] {
  const servers = readdirSync(join(support, 'servers')).map((name) => `servers/${name}`);
  const beside = readdirSync(support).filter((name) => /^(faultProxy|faults|limited|colleague)\b/.test(name));
  return [...servers, ...beside].sort();
}

function hashOfTools(): string {
  const hash = createHash('sha256');
  const { devDependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  // The one server that comes from npm; a change of the others is not to be seen here.
  for (const [name, version] of Object.entries(devDependencies))
    if (/nephele/.test(name)) hash.update(`${name}@${version}\0`);
  for (const name of toolFiles()) hash.update(`${name}\0`).update(readFileSync(join(support, name)));
  return hash.digest('hex');
}

export function areToolsProved(): boolean {
  return existsSync(mark) && readFileSync(mark, 'utf8').trim() === hashOfTools();
}

/** Notes that the tests of the tools have passed with them as they are; to be committed with them. */
export function markToolsProved(): void {
  writeFileSync(mark, `${hashOfTools()}\n`);
}
