import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeptContent, KeptText } from '../../../src/core/saving/journalStore';
import { KeptTextStore } from '../../../src/storage/keptTextStore';
import { bytesOf, file, textOf } from '../../support/core/files';

const content: KeptContent = { bytes: bytesOf('text ü\n'), base: bytesOf('base\n') };

function text(id: string, more: Partial<KeptText> = {}): KeptText {
  return {
    id,
    resource: file('folder/..%2F..%2Fetc%2Fpasswd'),
    workspaceKey: 'here',
    window: 'a1b2',
    since: 5,
    why: 'locked',
    size: content.bytes.length,
    storedBytes: content.bytes.length + 5,
    baseKept: true,
    ...more,
  };
}

describe('Kept texts on the disk', () => {
  let folder: string;
  let unreadable: string[];
  let store: KeptTextStore;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'kept-')), 'texts');
    unreadable = [];
    store = new KeptTextStore(folder, (name) => unreadable.push(name));
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true }));

  it('gives back what was written, in another window too', async () => {
    await store.write(text('a1'), content);
    const other = new KeptTextStore(folder, (name) => unreadable.push(name));
    assert.deepEqual(await other.list(), [text('a1')]);
    const back = await other.read(text('a1'));
    assert.equal(textOf(back?.bytes), 'text ü\n');
    assert.equal(textOf(back?.base), 'base\n');
    assert.deepEqual(unreadable, []);
  });

  it('has no texts where there is no folder yet', async () => {
    assert.deepEqual(await store.list(), []);
    assert.equal(await store.read(text('a1')), undefined);
    await store.remove(text('a1'));
    await store.mark(text('a1'), { how: 'closed', at: 1 });
  });

  it('tells an empty base from none', async () => {
    await store.write(text('a1', { storedBytes: content.bytes.length }), {
      ...content,
      base: new Uint8Array(),
    });
    assert.equal(textOf((await store.read(text('a1')))?.base), '');
    await store.write(text('a2', { storedBytes: content.bytes.length, baseKept: false }), {
      bytes: content.bytes,
    });
    assert.equal((await store.read(text('a2')))?.base, undefined);
  });

  it('names files by nothing that a server said, for the person alone', async () => {
    await store.write(text('a1'), content);
    assert.deepEqual(await readdir(folder), ['a1.kept']);
    assert.equal((await stat(join(folder, 'a1.kept'))).mode & 0o777, 0o600);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
  });

  it('can be read without us', async () => {
    await store.write(text('a1'), content);
    assert.match(
      await readFile(join(folder, 'a1.kept'), 'utf8'),
      /^Lock Status: .*\n\{.*\}\ntext ü\nbase\n$/,
    );
  });

  it('marks, replaces and removes', async () => {
    for (const how of ['reverted', 'overtaken'] as const) {
      await store.write(text('a1'), content);
      await store.mark(text('a1'), { how, at: 77 });
      const [marked] = await store.list();
      assert.deepEqual(marked?.end, { how, at: 77 });
      assert.equal(textOf((await store.read(text('a1')))?.bytes), 'text ü\n');
      await store.remove(text('a1'));
      assert.deepEqual(await readdir(folder), []);
    }
  });

  it('replaces a text by a newer one of the same id', async () => {
    await store.write(text('a1'), content);
    await store.write(text('a1', { since: 9, size: 2, storedBytes: 2, baseKept: false }), {
      bytes: bytesOf('ok'),
    });
    assert.deepEqual(await readdir(folder), ['a1.kept']);
    assert.equal(textOf((await store.read(text('a1')))?.bytes), 'ok');
  });

  it('leaves the older text whole where the newer one cannot be written', async () => {
    await store.write(text('a1'), content);
    const long = text('a1', { resource: file('x'.repeat(70_000)) });
    await assert.rejects(store.write(long, content), RangeError);
    assert.deepEqual(await readdir(folder), ['a1.kept']);
    assert.equal(textOf((await store.read(text('a1')))?.bytes), 'text ü\n');
  });

  it('passes over foreign and damaged files and says so', async () => {
    await store.write(text('a1'), content);
    await store.write(text('a2'), content);
    await writeFile(join(folder, 'a3.kept'), 'something else');
    await writeFile(join(folder, 'a4.kept'), 'Lock Status: a text that could not be saved\n{"id":');
    await writeFile(join(folder, 'notes.txt'), 'not ours');
    const whole = await stat(join(folder, 'a2.kept'));
    await truncate(join(folder, 'a2.kept'), whole.size - 1);
    assert.deepEqual((await store.list()).map(({ id }) => id).sort(), ['a1', 'a2']);
    assert.deepEqual(unreadable.sort(), ['a3.kept', 'a4.kept']);
    assert.equal(await store.read(text('a2')), undefined);
  });

  it('clears away what was left half written, but not what may still be written', async () => {
    await store.write(text('a1'), content);
    const old = join(folder, 'a2-00.half');
    await writeFile(old, 'half');
    await writeFile(join(folder, 'a3-00.half'), 'half');
    await utimes(old, 1, 1);
    assert.equal((await store.list()).length, 1);
    assert.deepEqual((await readdir(folder)).sort(), ['a1.kept', 'a3-00.half']);
  });
});
