import assert from 'node:assert/strict';
import { childOf, serverOf } from '../../../../src/core/model/resource';
import { a, b, given, listedFiles, root } from '../../../support/core/directoryScene';

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
    assert.deepEqual(directory.cached(a), shown);
    assert.deepEqual(told(), []);
  });

  it('does not take for deleted what was made again here after it was asked for', async () => {
    const { directory, server, client, told, clock } = await given();
    await directory.list(root, 0);
    await clock.pass(1_000);
    server.files.delete(a);
    client.travel = async (_, way) => {
      if (way === 'there') return;
      server.put(a, 'made again');
      await clock.pass(5);
      directory.wrote(a, {}, 10);
    };
    await directory.list(root, 0);
    assert.deepEqual(told(), []);
    assert.equal(directory.cached(a)?.size, 10);
  });

  it('lists a folder again where our own write made a new member', async () => {
    const { directory, client } = await given();
    await directory.list(root, 0);
    directory.wrote(childOf(root, 'c'), {}, 1);
    await directory.list(root, 60_000);
    assert.equal(client.count('list'), 2);
  });

  it('puts the reason of a failed question into the store, and "canceled" is none', async () => {
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
    client.fail('stat', 'canceled');
    await assert.rejects(directory.stat(a, 0));
    const state = store.stateOf(a);
    assert.equal(state.kind === 'unknown' && state.why, 'unproven');
  });

  it('forgets a folder of 50,000 that became empty in one pass', async () => {
    const { directory, client, told, store, clock } = await given();
    const members = listedFiles(50_000);
    client.list = () => Promise.resolve({ members });
    const listed = directory.list(root, 0);
    await clock.pass(0);
    assert.equal((await listed).length, 50_000);
    client.list = () => Promise.resolve({ members: [] });
    await clock.pass(1);
    const empty = directory.list(root, 0);
    await clock.pass(0);
    assert.deepEqual(await empty, []);
    assert.equal(told().length, 50_000);
    assert.deepEqual([...store.resources()], []);
  });

  it('goes by the first mention of a file that is listed twice', async () => {
    const { directory, client, told, clock } = await given();
    const entry = (opaque: string) => ({
      resource: a,
      kind: 'file' as const,
      version: { etag: { opaque, weak: false } },
      listing: { locks: [], reported: true },
    });
    client.list = () => Promise.resolve({ members: [entry('1'), entry('2')] });
    for (let times = 0; times < 3; times++) {
      assert.deepEqual(await directory.list(root, 0), [a]);
      await clock.pass(1);
    }
    assert.deepEqual(told(), []);
    assert.equal(directory.cached(a)?.version.etag?.opaque, '1');
  });

  it('keeps a member that the server could not read, and knows nothing of its locks', async () => {
    const { directory, client, told, store, clock } = await given();
    store.restoreListingSupport(serverOf(a), 'seen');
    await directory.list(root, 0);
    assert.equal(store.stateOf(a).kind, 'unlocked');
    await clock.pass(1);
    client.list = () => Promise.resolve({ members: [], unread: [a, childOf(root, 'new')] });
    assert.deepEqual(await directory.list(root, 0), [a]);
    assert.deepEqual(told(), ['deleted b']);
    assert.equal(store.stateOf(a).kind, 'unknown');
  });
});
