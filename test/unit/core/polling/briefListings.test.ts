import assert from 'node:assert/strict';
import { childOf, type ResourceId } from '../../../../src/core/model/resource';
import { a, b, given, listedFile, listedFiles, root } from '../../../support/core/directoryScene';
import type { Habits } from '../../../support/core/modelServer';

describe('A folder that is asked about in brief', () => {
  async function listed(habits: Partial<Habits> = {}) {
    const scene = await given(habits);
    const asked: ('brief' | 'whole')[] = [];
    const { client, clock, directory } = scene;
    const whole = client.list.bind(client);
    client.list = (id, options) => {
      asked.push(options?.brief ? 'brief' : 'whole');
      return whole(id, options);
    };
    const again = async () => {
      await clock.pass(1_000);
      asked.length = 0;
      await directory.list(root, 0, { brief: true });
      return asked.join(' ');
    };
    await directory.list(root, 0);
    return { ...scene, again };
  }

  it('asks for tags and locks alone, and forgets nothing by that', async () => {
    const { again, directory, told, server, client, store } = await listed();
    const before = directory.cached(a);
    server.lockFor('bob', a);
    assert.equal(await again(), 'brief');
    assert.equal(store.stateOf(a).kind, 'locked');
    assert.deepEqual(directory.cached(a), before);
    assert.equal(client.count('stat'), 0);
    assert.deepEqual(told(), []);
  });

  it('asks for the rest where something is new, and at once while it goes on', async () => {
    const { again, directory, told, server } = await listed();
    server.put(a, 'changed');
    assert.equal(await again(), 'brief whole');
    assert.deepEqual(told(), ['changed a']);
    assert.equal(directory.cached(a)?.size, 7);
    assert.equal(await again(), 'whole');
    assert.equal(await again(), 'brief');
    server.put(childOf(root, 'c'), 'new');
    assert.equal(await again(), 'brief whole');
    assert.equal(directory.cached(childOf(root, 'c'))?.size, 3);
  });

  it('sees what was deleted', async () => {
    const { again, directory, told, server } = await listed();
    server.files.delete(b);
    assert.equal(await again(), 'brief');
    assert.deepEqual(told(), ['deleted b']);
    assert.equal(directory.cached(b), undefined);
  });

  it('keeps the size of what was written here, of which the server told the tag alone', async () => {
    const { again, directory, server, told } = await listed();
    server.put(a, 'written here');
    const { etag } = server.versionOf(server.files.get(a) ?? assert.fail());
    directory.wrote(a, etag ? { etag } : {}, 12);
    assert.equal(await again(), 'brief');
    assert.equal(directory.cached(a)?.size, 12);
    assert.deepEqual(told(), []);
  });

  it('takes a tag that was weak and is no longer for another', async () => {
    const { again, directory, server } = await listed({ tags: 'weak' });
    assert.equal(await again(), 'brief');
    Object.assign(server.habits, { tags: 'strong' });
    assert.equal(await again(), 'brief whole');
    assert.equal(directory.cached(a)?.version.etag?.weak, false);
  });

  it('asks for all where something was forgotten while the answer was taken in', async () => {
    const { directory, client, clock } = await given();
    const asked: string[] = [];
    const folder = listedFile(2_450).resource;
    const version = { etag: { opaque: 'x', weak: false } };
    const kind = (id: ResourceId) => (id === folder ? ('collection' as const) : ('file' as const));
    const members = listedFiles(2_500).map((one) => ({ ...one, version, kind: kind(one.resource) }));
    client.list = (_, options) => {
      asked.push(options?.brief ? 'brief' : 'whole');
      return Promise.resolve({ members });
    };
    const list = async (meanwhile: () => void) => {
      const listed = directory.list(root, 0, { brief: true });
      clock.after(0, meanwhile);
      await clock.pass(1_000);
      await listed;
    };
    await list(() => undefined);
    await list(() => directory.forget(folder));
    assert.deepEqual(asked, ['whole', 'brief', 'whole']);
    assert.equal(directory.cached(folder)?.kind, 'collection');
  });

  it('goes by the first mention of what is listed twice', async () => {
    const { again, client } = await listed();
    const list = client.list.bind(client);
    client.list = async (id, options) => {
      const { members, ...rest } = await list(id, options);
      const other = { etag: { opaque: 'another', weak: false } };
      return { ...rest, members: [...members, ...members.map((entry) => ({ ...entry, version: other }))] };
    };
    for (let times = 0; times < 3; times++) assert.equal(await again(), 'brief');
  });

  it('asks for all of a server whose listings turn out to have no tags', async () => {
    const { again, directory, server } = await listed({ tags: 'none' });
    for (const id of [a, b]) directory.wrote(id, { etag: { opaque: 'by the write', weak: false } }, 4);
    assert.equal(server.habits.tags, 'none');
    assert.equal(await again(), 'brief whole');
    for (const id of [a, b]) directory.wrote(id, { etag: { opaque: 'by the next', weak: false } }, 4);
    assert.equal(await again(), 'whole');
  });

  it('asks for all where the server gives no tags', async () => {
    const { again } = await listed({ tags: 'none' });
    assert.equal(await again(), 'whole');
    assert.equal(await again(), 'whole');
  });
});
