// A move between two servers deletes the original only where its copy is proven.
import assert from 'node:assert/strict';
import type { RemoteEntry, RemoteFiles, WriteGuard } from '../../../../src/core/model/ports';
import { childOf, resourceId, serverOf, type ResourceId } from '../../../../src/core/model/resource';
import { Directory } from '../../../../src/core/polling/directory';
import { CopyStopped, OriginalKept, ServerCopy } from '../../../../src/core/saving/serverCopy';
import { FakeClock } from '../../../support/core/fakeClock';
import { file } from '../../../support/core/files';
import { ModelClient } from '../../../support/core/modelClient';
import { goodHabits, ModelServer, type Habits } from '../../../support/core/modelServer';
import { Person } from '../../../support/core/person';

const folder = file('folder');
const a = childOf(folder, 'a');
const there = resourceId('https://target/folder');

async function given(habits: Partial<Habits> = {}) {
  const clock = new FakeClock();
  const source = new ModelServer(clock, { ...goodHabits, ...habits });
  const target = new ModelServer(clock, goodHabits);
  source.put(a, 'text');
  source.folders.add(folder);
  await clock.pass(5_000);
  const ann = new Person('ann', source, clock, { lockOn: 'manual' });
  if (source.habits.lists) ann.learnsToList(a);
  // A listing is not asked for twice at one and the same time.
  ann.client.travel = () => clock.pass(1);
  const away = new ModelClient(target, 'ann');
  const filesOf = (id: ResourceId): RemoteFiles => (serverOf(id) === serverOf(there) ? away : ann.client);
  const { relocation, store } = ann.core;
  const deps = { filesOf, directory: new Directory(filesOf, store, clock), relocation };
  const leftOut = new Set<ResourceId>();
  const copy = new ServerCopy({ ...deps, leavesOut: (id) => leftOut.has(id) });
  const move = (from: ResourceId, onProgress: () => void = () => undefined) => {
    const to = from === folder ? there : childOf(there, 'a');
    return copy.move({ from, to, signal: new AbortController().signal, onProgress });
  };
  const stopping = new AbortController();
  const copyFolder = (onProgress: () => void = () => undefined) =>
    copy.copy({ from: folder, to: there, signal: stopping.signal, onProgress });
  return { source, target, ann, away, leftOut, move, copyFolder, stopping };
}

/** Only so much of what is sent is stored, and the answer is a success. */
function storesOnly(away: ModelClient, length: number): void {
  const write = away.write.bind(away);
  away.write = (resource, bytes, guard) => write(resource, bytes.slice(0, length), guard);
}

describe('A move to another server', () => {
  for (const [what, from] of [
    ['file', a],
    ['folder', folder],
  ] as const) {
    it(`deletes a ${what} that has arrived`, async () => {
      const { source, target, move } = await given();
      await move(from);
      assert.deepEqual([source.text(a), target.text(childOf(there, 'a'))], [undefined, 'text']);
    });

    for (const length of [0, 2])
      it(`keeps a ${what} of which the other server has stored ${length} bytes`, async () => {
        const { source, ann, away, move } = await given();
        storesOnly(away, length);
        await assert.rejects(move(from), OriginalKept);
        assert.deepEqual([source.text(a), ann.client.count('remove')], ['text', 0]);
      });

    it(`keeps a ${what} whose copy cannot be read`, async () => {
      const { source, away, move } = await given();
      away.fail('read', 'forbidden');
      await assert.rejects(move(from), OriginalKept);
      assert.equal(source.text(a), 'text');
    });

    it(`keeps a ${what} that changes in the same second to the same size, without tags`, async () => {
      const { source, target, move } = await given({ tags: 'none' });
      source.put(a, 'once');
      const changes = () => source.put(a, 'more');
      await assert.rejects(move(from, changes), OriginalKept);
      assert.deepEqual([source.text(a), target.text(childOf(there, 'a'))], ['more', 'once']);
    });
  }

  it('keeps a copy with the right length and another content from deleting the original', async () => {
    const { source, target, move } = await given();
    target.onWrite = ({ resource }) => {
      target.onWrite = () => undefined;
      target.put(resource, 'tEXT');
    };
    await assert.rejects(move(a), OriginalKept);
    assert.equal(source.text(a), 'text');
  });

  it('deletes only the version of a file that was copied', async () => {
    const { ann, source, move } = await given();
    const guards: WriteGuard[] = [];
    const remove = ann.client.remove.bind(ann.client);
    ann.client.remove = (entry, guard) => {
      guards.push(guard);
      return remove(entry, guard);
    };
    ann.client.fail('remove', 'preconditionFailed');
    const original = source.files.get(a);
    assert.ok(original);
    await assert.rejects(move(a), OriginalKept);
    assert.deepEqual(
      guards.map(({ replaces }) => replaces),
      [source.versionOf(original)],
    );
  });

  it('looks at the original again under the lock of the folder, where others’ locks are not listed', async () => {
    const { ann, source, move } = await given({ lists: false });
    const lock = ann.client.lock.bind(ann.client);
    ann.client.lock = async (resource, request) => {
      const lease = await lock(resource, request);
      if (resource === folder) source.put(a, 'changed just before');
      return lease;
    };
    await assert.rejects(move(folder), OriginalKept);
    assert.deepEqual([source.text(a), source.lockOn(folder)], ['changed just before', undefined]);
  });

  it('keeps a folder in which something appears that no copy takes along', async () => {
    const { source, leftOut, move } = await given();
    const hidden = childOf(folder, 'hidden');
    leftOut.add(hidden);
    await assert.rejects(
      move(folder, () => source.put(hidden, 'new')),
      OriginalKept,
    );
    assert.equal(source.text(hidden), 'new');
  });

  it('keeps a folder in which an empty folder appears', async () => {
    const { source, move } = await given();
    await assert.rejects(
      move(folder, () => void source.folders.add(childOf(folder, 'new'))),
      OriginalKept,
    );
    assert.equal(source.text(a), 'text');
  });

  it('keeps a folder of which something is left out, by its name here or there', async () => {
    for (const id of [childOf(folder, 'b'), childOf(there, 'b')]) {
      const { source, target, leftOut, move } = await given();
      source.put(childOf(folder, 'b'), 'left out');
      leftOut.add(id);
      await assert.rejects(move(folder), OriginalKept);
      assert.equal(source.text(childOf(folder, 'b')), 'left out');
      assert.deepEqual([...target.files.keys()], [childOf(there, 'a')]);
    }
  });

  it('keeps a file that changes once it is proven to have arrived', async () => {
    const { source, ann, move } = await given({ honorsIfMatch: false });
    let reads = 0;
    const read = ann.client.read.bind(ann.client);
    ann.client.read = async (resource) => {
      const content = await read(resource);
      if ((reads += 1) === 2) source.put(a, 'later');
      return content;
    };
    await assert.rejects(move(a), OriginalKept);
    assert.equal(source.text(a), 'later');
  });
});

describe('A copy to another server', () => {
  const sub = childOf(folder, 'sub');

  it('makes the folders, and writes over nothing', async () => {
    const { source, target, copyFolder } = await given();
    source.folders.add(sub);
    await copyFolder();
    assert.deepEqual([...target.folders], [there, childOf(there, 'sub')]);
    target.put(childOf(there, 'a'), 'theirs');
    await assert.rejects(copyFolder(), CopyStopped);
    assert.equal(target.text(childOf(there, 'a')), 'theirs');
  });

  it('does not begin with a folder that cannot be listed as a whole', async () => {
    const { source, target, ann, move, copyFolder } = await given();
    source.folders.add(sub);
    const list = ann.client.list.bind(ann.client);
    ann.client.list = (resource, options) => {
      if (resource === sub) ann.client.fail('list', 'forbidden');
      return list(resource, options);
    };
    for (const begin of [() => copyFolder(), () => move(folder)])
      await assert.rejects(begin, { kind: 'forbidden' });
    assert.deepEqual([target.files.size, target.folders.size, source.text(a)], [0, 0, 'text']);
  });

  it('does not begin with a tree that has no end', async () => {
    const { target, ann, source, move, copyFolder } = await given();
    // As a link to a folder above it makes one.
    const entry = (resource: ResourceId): RemoteEntry => ({
      resource,
      kind: 'collection',
      version: {},
      listing: { locks: [], reported: true },
    });
    ann.client.list = (resource) =>
      Promise.resolve({ self: entry(resource), members: [entry(childOf(resource, 'again'))] });
    for (const begin of [() => copyFolder(), () => move(folder)])
      await assert.rejects(begin, { kind: 'badAnswer' });
    assert.deepEqual([target.files.size, target.folders.size, source.text(a)], [0, 0, 'text']);
  });

  it('that fails or is stopped says how far it got, and why', async () => {
    const { source, away, copyFolder, stopping } = await given();
    source.put(childOf(folder, 'b'), 'text');
    away.fail('write', 'quota');
    const failed = await copyFolder().catch((error: unknown) => error);
    assert.ok(failed instanceof CopyStopped);
    assert.deepEqual([failed.progress.files, (failed.cause as { kind?: string }).kind], [2, 'quota']);
    for (const name of 'cdefgh') source.put(childOf(folder, name), 'text');
    const stopped = await copyFolder(() => stopping.abort()).catch((error: unknown) => error);
    assert.ok(stopped instanceof CopyStopped);
    assert.equal(stopped.cause, undefined);
    assert.ok(stopped.progress.copied > 0 && stopped.progress.copied < 8, stopped.message);
  });
});
