// What the documents say about the code is still there.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../support/hosts/paths';
import { readText } from '../support/sources';

const architecture = readText('ARCHITECTURE.md');
const contributing = readText('CONTRIBUTING.md');

/** Paths in backticks, relative to the project or to `src`. */
function pathsIn(text: string): string[] {
  const quoted = [...text.matchAll(/`([\w./-]+\/[\w./-]*)`/g)].map(([, path = '']) => path);
  return quoted.filter((path) => /^(?:src|test|media|core|editor|protocol|storage|base)\//.test(path));
}

const isThere = (path: string) => [path, join('src', path)].some((at) => existsSync(join(projectRoot, at)));

describe('The documents about the code', () => {
  it('name only files and folders that exist', () => {
    const paths = [...pathsIn(architecture), ...pathsIn(contributing)];
    assert.ok(paths.length > 60, `only ${paths.length} paths were found`);
    assert.deepEqual(
      paths.filter((path) => !isThere(path)),
      [],
    );
  });

  it('tell where at least 25 behaviors are', () => {
    const [, table = ''] = /## Where do I find …\?\n\n([\s\S]*?)\n\n/.exec(architecture) ?? [];
    const rows = table.split('\n').filter((row) => /`src\/[^`]+\.ts`/.test(row));
    assert.ok(rows.length >= 25, `${rows.length} rows`);
  });

  it('have a row for every room', () => {
    const rooms = pathsIn(
      architecture.slice(architecture.indexOf('## Rooms'), architecture.indexOf('## Where')),
    );
    for (const room of ['model', 'locks', 'settings', 'polling', 'leases', 'saving', 'diagnosis', 'waiting'])
      assert.ok(rooms.includes(`src/core/${room}/`), room);
  });
});
