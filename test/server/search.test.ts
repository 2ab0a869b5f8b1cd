// Finding names and texts on a real server: what is found, and what it costs the server.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameOf } from '../../src/core/model/resource';
import { ContentCache } from '../../src/storage/contentCache';
import { OnServer } from '../support/core/onServer';
import { findNames, findText } from '../support/core/searching';
import { skipWithout } from '../support/rings/skipWithout';
import type { LockServer } from '../support/servers/server';
import { startServer } from '../support/servers/start';

const folders = 12;
const filesEach = 10;
/** Long enough ago that no server takes its tag for uncertain. */
const past = new Date(Date.now() - 3_600_000);

describe('Searching on Apache', function () {
  this.timeout(60_000);
  let server: LockServer;
  let alice: OnServer;
  let scratch: string;
  let cache: ContentCache;
  const counted = () => {
    const methods = alice.asked().split(' ').filter(Boolean);
    return { PROPFIND: methods.filter((one) => one === 'PROPFIND').length, all: methods.length };
  };
  const write = (path: string, text: string, at = past) => {
    writeFileSync(join(server.dataDir, path), text);
    utimesSync(join(server.dataDir, path), at, at);
  };

  before(async function () {
    skipWithout(this, 'apache');
    server = await startServer('apache');
    const paths = Array.from({ length: folders }, (_, folder) =>
      Array.from({ length: filesEach }, (_, at) => `top/ordner ${folder} ü/file ${at}.txt`),
    ).flat();
    server.seed(Object.fromEntries(paths.map((path) => [path, ''])));
    for (const path of paths) write(path, path.endsWith('3.txt') ? 'hay\nneedle\n' : 'hay\n');
    alice = new OnServer(server.url, server.user('alice'));
    scratch = mkdtempSync(join(tmpdir(), 'search-'));
    cache = new ContentCache({
      folder: scratch,
      maxBytes: 10_000_000,
      onProblem: (error) => assert.fail(String(error)),
    });
    await alice.directory.stat(alice.at('top'), 0);
    alice.asked();
  });
  after(async () => {
    await alice?.close();
    await server?.stop();
    if (scratch) rmSync(scratch, { recursive: true });
  });

  it('asks for each folder once for the names', async () => {
    assert.equal(await findNames(alice, alice.at('top')), folders * filesEach);
    assert.deepEqual(counted(), { PROPFIND: folders + 1, all: folders + 1 });
  });

  it('reads each file once, then asks for the folders only', async () => {
    const find = () => findText(alice, cache, { root: alice.at('top'), text: 'needle' });
    const first = await find();
    assert.deepEqual([first.matches, first.searched, first.unread], [folders, folders * filesEach, []]);
    assert.deepEqual(counted(), { PROPFIND: folders + 1, all: folders + 1 + folders * filesEach });
    const second = await findText(alice, cache, { root: alice.at('top'), text: 'ne+dle$', isRegex: true });
    assert.equal(second.matches, folders);
    assert.deepEqual(counted(), { PROPFIND: folders + 1, all: folders + 1 });
  });

  it('finds what has changed since, and reads only that', async () => {
    write('top/ordner 0 ü/file 0.txt', 'needle, changed\n', new Date(past.getTime() + 10_000));
    const found: string[] = [];
    const end = await findText(
      alice,
      cache,
      { root: alice.at('top/ordner%200%20%C3%BC'), text: 'needle' },
      ({ resource }) => found.push(nameOf(resource)),
    );
    assert.equal(end.matches, 2);
    assert.deepEqual(found.sort(), ['file 0.txt', 'file 3.txt']);
    const { all, PROPFIND } = counted();
    assert.equal(all - PROPFIND, 1);
  });
});
