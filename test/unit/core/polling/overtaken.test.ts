// A request under way says how things were; what matters is how they are.
import assert from 'node:assert/strict';
import { scanTree } from '../../../../src/core/saving/treeGuard';
import { childOf } from '../../../../src/core/model/resource';
import { a, b, given, root } from '../../../support/core/directoryScene';
import { settle } from '../../../support/core/fakeClock';

/** Every answer to that kind of request stays on its way until it is let go. */
function held(it: Awaited<ReturnType<typeof given>>, wanted: 'stat' | 'list') {
  const waiting: (() => void)[] = [];
  it.client.travel = (operation, way) =>
    operation === wanted && way === 'back'
      ? new Promise<void>((resolve) => waiting.push(resolve))
      : Promise.resolve();
  return async () => {
    it.client.travel = () => Promise.resolve();
    for (const go of waiting.splice(0)) go();
    await settle();
  };
}

describe('A request under way', () => {
  for (const wanted of ['stat', 'list'] as const)
    it(`is not joined by who guards a deletion: ${wanted}`, async () => {
      const it = await given();
      const { directory, store, clock, server } = it;
      const letGo = held(it, wanted);
      const older = wanted === 'list' ? directory.list(root, 0) : directory.stat(root, 0);
      await settle();
      server.lockFor('bob', a);
      it.client.travel = () => Promise.resolve();
      await clock.pass(1);
      const { blockingLocks } = await scanTree({ directory, store, clock }, root);
      assert.deepEqual(
        blockingLocks.map(({ resource }) => resource),
        [a],
      );
      await letGo();
      await older;
      assert.equal(store.stateOf(a).kind, 'locked', 'and the older answer changes nothing');
    });

  it('does not bring back what was forgotten meanwhile', async () => {
    const it = await given();
    const { directory, store, server } = it;
    await directory.list(root, 0);
    server.lockFor('bob', a);
    const letStatGo = held(it, 'stat');
    const stat = directory.stat(a, 0);
    await settle();
    server.files.delete(a);
    directory.forget(a);
    store.apply({ kind: 'gone', resources: [a] });
    await letStatGo();
    await stat;
    assert.equal(directory.cached(a), undefined);
    assert.equal(store.stateOf(a).kind, 'unknown');

    server.put(a, 'again');
    const letListGo = held(it, 'list');
    const list = directory.list(root, 0);
    await settle();
    server.files.delete(a);
    directory.forget(a);
    store.apply({ kind: 'gone', resources: [a] });
    await letListGo();
    await list;
    assert.equal(directory.cached(a), undefined);
    assert.notEqual(directory.cached(b), undefined);
    assert.ok(![...store.resources()].includes(a));
  });
});

describe('A listing under way', () => {
  for (const who of ['us', 'somebody else'])
    it(`shows the file that ${who} made after the server had said that it is missing`, async () => {
      const { directory, server, clock, client } = await given();
      const c = childOf(root, 'c');
      let arrive = () => undefined as void;
      client.travel = (operation, way) =>
        operation === 'list' && way === 'there'
          ? new Promise<void>((resolve) => (arrive = resolve))
          : Promise.resolve();
      const listing = directory.list(root, 0);
      await assert.rejects(directory.stat(c, 0), { kind: 'notFound' });
      await clock.pass(10);
      server.put(c, 'new');
      if (who === 'us') directory.wrote(c, {}, 3);
      client.travel = () => Promise.resolve();
      arrive();
      assert.deepEqual(await listing, [a, b, c]);
      assert.deepEqual(await directory.list(root, 15_000), [a, b, c]);
    });
});

describe('A name that no longer exists', () => {
  it('is not kept among the known ones', async () => {
    const { directory, store, server, clock } = await given();
    await directory.stat(a, 0);
    await clock.pass(1);
    server.files.delete(a);
    await assert.rejects(directory.stat(a, 0), { kind: 'notFound' });
    assert.deepEqual([...store.resources()], []);
  });
});
