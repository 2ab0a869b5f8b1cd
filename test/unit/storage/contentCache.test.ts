import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverOf, resourceId, type ResourceId } from '../../../src/core/model/resource';
import { ContentCache } from '../../../src/storage/contentCache';
import { bytesOf, file, textOf } from '../../support/core/files';
import { skipBecause } from '../../support/rings/skip';

const [a, b] = [file('a'), file('..%2Fb')];
const elsewhere = resourceId('https://other/a');

describe('Contents on the disk', () => {
  let folder: string;
  let problems: unknown[];
  let cache: ContentCache;
  const opened = (maxBytes = 1_000_000) =>
    new ContentCache({ folder, maxBytes, onProblem: (error) => problems.push(error) });
  const put = (resource: ResourceId, text: string, tag = 't') =>
    cache.put({ resource, tag, bytes: bytesOf(text), epoch: cache.epoch });
  const got = async (resource: ResourceId, tag = 't') => textOf(await cache.get(resource, tag));
  const paths = async () => {
    const servers = await readdir(folder);
    const lists = await Promise.all(
      servers.map(async (server) =>
        (await readdir(join(folder, server))).map((name) => join(folder, server, name)),
      ),
    );
    return lists.flat();
  };

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'contents-')), 'contents');
    problems = [];
    cache = opened();
  });
  afterEach(async () => {
    assert.deepEqual(problems, []);
    await rm(join(folder, '..'), { recursive: true });
  });

  it('are found again under their tag only, in another window too', async () => {
    await put(a, 'text\nof a\n');
    await put(b, '');
    cache = opened();
    assert.equal(await got(a), 'text\nof a\n');
    assert.equal(await got(b), '');
    assert.equal(await got(a, 'other'), undefined);
    await put(a, 'newer', 'other');
    assert.equal(await got(a), undefined, 'one content per file');
    assert.equal(await got(a, 'other'), 'newer');
  });

  it('are nobody else’s to read, under names that tell nothing', async function () {
    if (process.platform === 'win32') skipBecause(this, 'Windows has no modes of files');
    await put(b, 'secret');
    const [path = ''] = await paths();
    assert.match(path.slice(folder.length), /^\/[0-9a-f]{40}\/[0-9a-f]{40}$/);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
  });

  it('go, the oldest first, where there are too many', async () => {
    cache = opened(3_000);
    for (const [at, name] of ['1', '2', '3'].entries()) {
      await put(file(name), 'x'.repeat(900));
      for (const path of await paths())
        if (Date.now() - (await stat(path)).mtimeMs < 60_000) await utimes(path, at, at + 1);
    }
    await put(file('4'), 'x'.repeat(900));
    const left = await Promise.all(
      ['1', '2', '3', '4'].map(async (name) => (await got(file(name))) !== undefined),
    );
    assert.deepEqual(left, [false, false, true, true]);
    await put(file('5'), 'x'.repeat(4_000));
    assert.equal(await got(file('5')), undefined, 'larger than all together may be');
  });

  it('go with a sign-out, also those that arrive after it', async () => {
    await put(a, 'text');
    await put(elsewhere, 'stays');
    const { epoch } = cache;
    await cache.clear(serverOf(a));
    await cache.put({ resource: a, tag: 't', bytes: bytesOf('late'), epoch });
    assert.equal(await got(a), undefined);
    assert.equal(await got(elsewhere), 'stays');
    await put(a, 'new');
    assert.equal(await got(a), 'new');
  });

  it('count as missing where the disk has something else', async () => {
    await put(a, 'text');
    const [path = ''] = await paths();
    await writeFile(path, 'no line at all');
    assert.equal(await got(a), undefined);
    await writeFile(path, `${JSON.stringify([b, 't'])}\nof another file`);
    assert.equal(await got(a), undefined);
  });

  it('are read from the server where the disk refuses', async function () {
    if (process.getuid?.() === 0) skipBecause(this, 'root may write everywhere');
    await put(a, 'text');
    await chmod(folder, 0o500);
    await put(elsewhere, 'text');
    assert.equal(problems.splice(0).length, 1);
    await chmod(folder, 0o700);
  });
});
