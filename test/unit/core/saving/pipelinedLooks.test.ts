// A look that is sent right behind a save shows what is there after it, or before it, or in between: nobody knows which.
import assert from 'node:assert/strict';
import { a, ambush, knowsVersion, opened } from '../../../support/core/pipelinedScene';

describe('A look right behind a save', () => {
  it('is all that is asked for where it comes after the write', async () => {
    const it = await opened();
    assert.equal(await it.save('one'), 'PUT PROPFIND');
    assert.equal(it.transport.pipelined, 1);
    assert.ok(knowsVersion(it));
  });

  it('is asked again where it was answered first, and none is sent so from then on', async () => {
    const it = await opened({ pipelined: 'at once' });
    assert.equal(await it.save('another'), 'PROPFIND PUT PROPFIND');
    assert.ok(knowsVersion(it));
    await it.ann.leases.take(a, 'hand');
    await it.save('a third');
    assert.equal(it.transport.pipelined, 1);
  });

  it('is asked again where the write was half done', async () => {
    const it = await opened({ pipelined: 'half done' });
    assert.equal(await it.save('another'), 'PUT PROPFIND PROPFIND');
    assert.ok(knowsVersion(it));
  });

  for (const kind of ['interrupted', 'timeout', 'badAnswer'] as const)
    it(`is asked again where its answer is ${kind}, and none is sent so from then on`, async () => {
      const it = await opened();
      it.transport.mishaps.add('stat', { kind });
      assert.equal(await it.save('one'), 'PUT PROPFIND PROPFIND');
      assert.ok(knowsVersion(it));
      await it.ann.leases.take(a, 'hand');
      await it.save('two');
      assert.equal(it.transport.pipelined, 1);
    });

  it('is asked again where the server closed the connection after the write, which it may again', async () => {
    const it = await opened();
    it.transport.mishaps.add('stat', { kind: 'canceled' });
    assert.equal(await it.save('one'), 'PUT PROPFIND PROPFIND');
    assert.ok(knowsVersion(it));
    await it.ann.leases.take(a, 'hand');
    await it.save('two');
    assert.equal(it.transport.pipelined, 2);
  });

  it('does not make a save of what a gateway only calls done', async () => {
    for (const pipelined of ['in order', 'at once'] as const) {
      const it = await opened({ pipelined });
      it.server.store = () => it.server.files.get(a) as never;
      await assert.rejects(it.save('mine'), { kind: 'badAnswer' });
      assert.equal(it.server.text(a), 'base');
    }
  });

  it('counts under a lock that it lists, where conditions are not checked', async () => {
    const it = await opened({ name: 'nobody', honorsIfMatch: false });
    await it.ann.leases.take(a, 'hand');
    it.asked.splice(0);
    const first = await it.save('one');
    assert.match(first, /PUT PROPFIND$/);
    assert.equal(it.transport.pipelined, 1);
    assert.ok(knowsVersion(it));
  });

  it('counts under no lock that it does not list', async () => {
    const it = await opened({ name: 'nobody', honorsIfMatch: false });
    await it.ann.leases.take(a, 'hand');
    const answer = it.wire.answer.bind(it.wire);
    let isWritten = false;
    it.wire.answer = (request) => {
      // An administrator breaks the lock at that moment, and the server does not mind.
      if (isWritten) it.server.break(a);
      isWritten = request.method === 'PUT';
      return answer(request);
    };
    it.asked.splice(0);
    assert.match(await it.save('one'), /PUT PROPFIND PROPFIND/);
  });

  it('is not sent where nothing could be concluded from it', async () => {
    const it = await opened({ name: 'nobody', honorsIfMatch: false, lockOfMissing: 'refused' });
    it.transport.mishaps.add('lock', { kind: 'unsupported' });
    await it.save('one');
    assert.equal(it.transport.pipelined, 0);
  });

  it('is not sent where the answer to a write has told the tag before', async () => {
    const it = await opened({ tellsTag: true });
    assert.equal(await it.save('one'), 'PUT PROPFIND');
    await it.ann.leases.take(a, 'hand');
    it.asked.splice(0);
    await it.save('two');
    assert.equal(it.transport.pipelined, 1);
  });
});

describe('A look right behind a save that is refused', () => {
  for (const pipelined of ['in order', 'at once'] as const)
    it(`names the holder, answered ${pipelined}`, async () => {
      const it = await opened({ pipelined });
      it.server.lockFor('bob', a, 600);
      await assert.rejects(it.save('mine'), { kind: 'locked' });
      const state = it.ann.store.stateOf(a);
      assert.equal(state.kind === 'locked' && state.locks[0]?.holder.name, 'bob');
      assert.equal(it.transport.pipelined, 1);
      assert.equal(it.transport.listed.length, 2, 'one look before, and one with the save');
    });

  it('does not hide what was written after it', async () => {
    const it = await opened({ pipelined: 'at once' });
    ambush(it, () => it.server.put(a, 'theirs'));
    await assert.rejects(it.save('mine'), { kind: 'contentChanged' });
    assert.equal(it.server.text(a), 'theirs');
  });

  it('does not hide the lock that was taken after it', async () => {
    const it = await opened({ pipelined: 'at once' });
    ambush(it, () => it.server.lockFor('bob', a, 600));
    await assert.rejects(it.save('mine'), { kind: 'locked' });
    const state = it.ann.store.stateOf(a);
    assert.equal(state.kind === 'locked' && state.locks[0]?.holder.name, 'bob');
  });

  it('is no answer to the write, should the two come in the wrong order', async () => {
    const it = await opened({ pipelined: 'swapped' });
    it.server.lockFor('bob', a, 600);
    await assert.rejects(it.save('mine'), { kind: 'locked' });
    assert.equal(it.server.text(a), 'base');
    it.server.break(a);
    await it.save('mine');
    assert.equal(it.server.text(a), 'mine');
  });
});
