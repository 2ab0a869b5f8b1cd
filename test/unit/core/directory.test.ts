import assert from 'node:assert/strict';
import { Directory, type ContentChange } from '../../../src/core/directory';
import { LockStore } from '../../../src/core/lockStore';
import type { Lock } from '../../../src/core/lock';
import { childOf, serverOf, type ResourceId } from '../../../src/core/resource';
import { FakeClock } from '../../support/core/fakeClock';
import { file } from '../../support/core/files';
import { ModelClient } from '../../support/core/modelClient';
import { goodHabits, ModelServer, type Habits } from '../../support/core/modelServer';

const someLock: Lock = {
  scope: 'exclusive',
  depth: 'self',
  holder: { contacts: [], assertedBy: 'nobody', self: 'unknown' },
  expiry: { kind: 'unknown' },
};
const root = file('folder');
const a = childOf(root, 'a');
const b = childOf(root, 'b');

async function given(habits: Partial<Habits> = {}) {
  const clock = new FakeClock();
  const server = new ModelServer(clock, { ...goodHabits, ...habits });
  for (const id of [a, b]) server.put(id, 'base');
  await clock.pass(5_000);
  const client = new ModelClient(server, 'ann');
  const store = new LockStore();
  const directory = new Directory(() => client, store, clock);
  const changes: ContentChange[] = [];
  directory.onDidChange((news) => changes.push(...news));
  const told = () => changes.splice(0).map(({ resource, kind }) => `${kind} ${resource.slice(-1)}`);
  return { clock, server, client, store, directory, told };
}

describe('The directory', () => {
  it('shares one request among a burst, and one memory for a moment after it', async () => {
    const { directory, client, clock } = await given();
    await Promise.all([directory.stat(a, 0), directory.stat(a, 0), directory.stat(a, 0)]);
    assert.equal(client.count('stat'), 1);
    await directory.stat(a, 1_000);
    assert.equal(client.count('stat'), 1);
    await clock.pass(1_001);
    await directory.stat(a, 1_000);
    assert.equal(client.count('stat'), 2);
  });

  it('remembers the members of a listing', async () => {
    const { directory, client } = await given();
    assert.deepEqual(await directory.list(root, 0), [a, b]);
    await directory.stat(a, 1_000);
    assert.equal(client.count('stat'), 0);
  });

  it('gives who has to be exact an answer of their own', async () => {
    const { directory, client, server } = await given();
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    client.travel = (_, way) => (way === 'back' ? gate : Promise.resolve());
    const early = directory.stat(a, 0, { exact: true });
    await Promise.resolve();
    client.travel = () => Promise.resolve();
    server.put(a, 'newer');
    assert.equal((await directory.stat(a, 0, { exact: true })).size, 5);
    open();
    await early;
  });

  it('tells of content that changed, was deleted, and nothing else', async () => {
    const { directory, server, told, clock } = await given();
    await directory.list(root, 0);
    await clock.pass(5_000);
    await directory.list(root, 0);
    assert.deepEqual(told(), []);
    server.put(a, 'newer');
    await clock.pass(5_000);
    await directory.stat(a, 0);
    assert.deepEqual(told(), ['changed a']);
    server.files.delete(b);
    await directory.list(root, 0);
    assert.deepEqual(told(), ['deleted b']);
    server.files.delete(a);
    await clock.pass(1);
    await assert.rejects(directory.stat(a, 0), { kind: 'notFound' });
    assert.deepEqual(told(), ['deleted a']);
  });

  it('moves the time only with the content', async () => {
    const { directory, server, clock } = await given();
    const before = (await directory.stat(a, 0)).modified;
    await clock.pass(5_000);
    assert.equal((await directory.stat(a, 0)).modified, before);
    server.put(a, 'same second');
    await clock.pass(1);
    const first = (await directory.stat(a, 0)).modified;
    assert.ok(first > before);
    server.put(a, 'same second again');
    await clock.pass(1);
    assert.ok((await directory.stat(a, 0)).modified > first, 'two contents never share a time');
  });

  it('does not take an answer from before our own write for a change by others', async () => {
    const { directory, server, client, told, clock } = await given();
    await directory.stat(a, 0);
    await clock.pass(1);
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    client.travel = (_, way) => (way === 'back' ? gate : Promise.resolve());
    const early = directory.stat(a, 0);
    await clock.pass(1_000);
    server.put(a, 'mine');
    const file = server.files.get(a);
    const shown = directory.wrote(a, file ? server.versionOf(file) : {}, 4);
    open();
    assert.deepEqual(await early, shown);
    assert.deepEqual(directory.recall(a), shown);
    assert.deepEqual(told(), []);
  });

  it('lists a folder again where our own write made a new member', async () => {
    const { directory, client } = await given();
    await directory.list(root, 0);
    directory.wrote(childOf(root, 'c'), {}, 1);
    await directory.list(root, 60_000);
    assert.equal(client.count('list'), 2);
  });

  it('puts the reason of a failed question into the store, and "cancelled" is none', async () => {
    const { directory, client, store, clock } = await given();
    const reasons = {
      signInNeeded: 'auth',
      forbidden: 'hidden',
      unsupported: 'noLocks',
      unreachable: 'unreachable',
      timeout: 'unreachable',
      tls: 'unreachable',
      serverFault: 'serverFault',
      badAnswer: 'serverFault',
    } as const;
    for (const [kind, why] of Object.entries(reasons)) {
      client.fail('stat', kind as keyof typeof reasons);
      await assert.rejects(directory.stat(a, 0));
      const state = store.stateOf(a);
      assert.equal(state.kind === 'unknown' && state.why, why);
    }
    await directory.stat(a, 0);
    await clock.pass(1);
    client.fail('stat', 'cancelled');
    await assert.rejects(directory.stat(a, 0));
    const state = store.stateOf(a);
    assert.equal(state.kind === 'unknown' && state.why, 'notListed');
  });

  it('forgets a folder of 50,000 that became empty in one pass', async () => {
    const { directory, client, told, store, clock } = await given();
    const members = Array.from({ length: 50_000 }, (_, index) => ({
      resource: childOf(root, `${index}`),
      kind: 'file' as const,
      version: {},
      listing: { locks: [], told: true },
    }));
    client.list = () => Promise.resolve({ members });
    const listed = directory.list(root, 0);
    await clock.pass(0);
    assert.equal((await listed).length, 50_000);
    client.list = () => Promise.resolve({ members: [] });
    await clock.pass(1);
    assert.deepEqual(await directory.list(root, 0), []);
    assert.equal(told().length, 50_000);
    assert.deepEqual([...store.resources()], []);
  });

  it('takes in many members some at a time, and lets others have their turn between', async () => {
    const { directory, client, store, clock } = await given();
    const members = Array.from({ length: 5_000 }, (_, index) => ({
      resource: childOf(root, `${index}`),
      kind: 'file' as const,
      version: {},
      listing: { locks: [], told: true },
    }));
    client.list = () => Promise.resolve({ members });
    const news: number[] = [];
    store.onDidChange((ids) => news.push(ids.length));
    let turns = 0;
    const othersTurn = (): void => {
      turns += 1;
      if (news.length < 3) clock.after(0, othersTurn);
    };
    clock.after(0, othersTurn);
    const listed = directory.list(root, 0);
    await clock.pass(0);
    await listed;
    assert.deepEqual(news, [2_000, 2_000, 1_000]);
    assert.ok(turns >= 2, `${turns} turns`);
  });

  describe('taking in a long answer', () => {
    const entry = (id: ResourceId, ...locks: Lock[]) => ({
      resource: id,
      kind: 'file' as const,
      version: {},
      listing: { locks, told: true },
    });
    const numbered = (index: number) => childOf(root, `${index}`);
    const long = (...locks: Lock[]) =>
      Array.from({ length: 2_500 }, (_, index) => entry(numbered(index), ...(index === 2_400 ? locks : [])));

    /** Another listing, in the middle of which something is done. */
    async function interrupted(meanwhile: (scene: Awaited<ReturnType<typeof given>>) => void) {
      const scene = await given();
      const { client, directory, clock, told } = scene;
      client.list = () => Promise.resolve({ members: long() });
      const first = directory.list(root, 0);
      await clock.pass(1_000);
      await first;
      told();
      client.list = () => Promise.resolve({ members: long().filter((_, index) => index !== 7) });
      const again = directory.list(root, 0);
      clock.after(0, () => meanwhile(scene));
      await clock.pass(1_000);
      await again;
      return scene;
    }

    it('knows from its beginning what the whole of it shows of the server', async () => {
      const { directory, client, store, clock } = await given();
      store.apply({ kind: 'refused', resource: numbered(4), at: clock.now() });
      await clock.pass(1);
      const lock: Lock = { ...someLock, root: numbered(2_400) };
      client.list = () => Promise.resolve({ members: long(lock) });
      const listed = directory.list(root, 0);
      await clock.pass(0);
      await listed;
      assert.equal(store.stateOf(numbered(4)).kind, 'unlocked');
    });

    it('brings back nothing that was forgotten meanwhile, and asks again for what it is', async () => {
      const { directory, client, clock, store } = await interrupted(({ directory: its }) =>
        its.forget(numbered(2_450)),
      );
      assert.equal(directory.recall(numbered(2_450)), undefined);
      assert.deepEqual(store.stateOf(numbered(2_450)).kind, 'unknown');
      let asked = 0;
      client.list = () => Promise.resolve({ members: ((asked += 1), long()) });
      const again = directory.list(root, 60_000);
      await clock.pass(1_000);
      await again;
      assert.equal(asked, 1);
    });

    it('tells what others deleted, whatever was made meanwhile', async () => {
      const { told } = await interrupted(
        ({ directory }) => void directory.wrote(childOf(root, 'new'), {}, 3),
      );
      assert.deepEqual(told(), ['deleted 7']);
    });
  });

  describe('asked in brief', () => {
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
      const before = directory.recall(a);
      server.lockFor('bob', a);
      assert.equal(await again(), 'brief');
      assert.equal(store.stateOf(a).kind, 'locked');
      assert.deepEqual(directory.recall(a), before);
      assert.equal(client.count('stat'), 0);
      assert.deepEqual(told(), []);
    });

    it('asks for the rest where something is new, and at once while it goes on', async () => {
      const { again, directory, told, server } = await listed();
      server.put(a, 'changed');
      assert.equal(await again(), 'brief whole');
      assert.deepEqual(told(), ['changed a']);
      assert.equal(directory.recall(a)?.size, 7);
      assert.equal(await again(), 'whole');
      assert.equal(await again(), 'brief');
      server.put(childOf(root, 'c'), 'new');
      assert.equal(await again(), 'brief whole');
      assert.equal(directory.recall(childOf(root, 'c'))?.size, 3);
    });

    it('sees what is gone', async () => {
      const { again, directory, told, server } = await listed();
      server.files.delete(b);
      assert.equal(await again(), 'brief');
      assert.deepEqual(told(), ['deleted b']);
      assert.equal(directory.recall(b), undefined);
    });

    it('keeps the size of what was written here, of which the server told the tag alone', async () => {
      const { again, directory, server, told } = await listed();
      server.put(a, 'written here');
      const { etag } = server.versionOf(server.files.get(a) ?? assert.fail());
      directory.wrote(a, etag ? { etag } : {}, 12);
      assert.equal(await again(), 'brief');
      assert.equal(directory.recall(a)?.size, 12);
      assert.deepEqual(told(), []);
    });

    it('takes a tag that was weak and is no longer for another', async () => {
      const { again, directory, server } = await listed({ tags: 'weak' });
      assert.equal(await again(), 'brief');
      Object.assign(server.habits, { tags: 'strong' });
      assert.equal(await again(), 'brief whole');
      assert.equal(directory.recall(a)?.version.etag?.weak, false);
    });

    it('goes by the first mention of what is listed twice', async () => {
      const { again, client } = await listed();
      const list = client.list;
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

  it('goes by the first mention of a file that is listed twice', async () => {
    const { directory, client, told, clock } = await given();
    const entry = (opaque: string) => ({
      resource: a,
      kind: 'file' as const,
      version: { etag: { opaque, weak: false } },
      listing: { locks: [], told: true },
    });
    client.list = () => Promise.resolve({ members: [entry('1'), entry('2')] });
    for (let times = 0; times < 3; times++) {
      assert.deepEqual(await directory.list(root, 0), [a]);
      await clock.pass(1);
    }
    assert.deepEqual(told(), []);
    assert.equal(directory.recall(a)?.version.etag?.opaque, '1');
  });

  it('keeps a member that the server could not read, and knows nothing of its locks', async () => {
    const { directory, client, told, store, clock } = await given();
    store.recallHabit(serverOf(a), 'seen');
    await directory.list(root, 0);
    assert.equal(store.stateOf(a).kind, 'unlocked');
    await clock.pass(1);
    client.list = () => Promise.resolve({ members: [], unread: [a, childOf(root, 'new')] });
    assert.deepEqual(await directory.list(root, 0), [a]);
    assert.deepEqual(told(), ['deleted b']);
    assert.equal(store.stateOf(a).kind, 'unknown');
  });
});
