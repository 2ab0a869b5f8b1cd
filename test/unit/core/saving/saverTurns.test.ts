// What a save does next after it was refused: each step once, each write after a check that still holds.
import assert from 'node:assert/strict';
import { RemoteFailure } from '../../../../src/core/model/failure';
import type { CallOptions, RemoteFiles } from '../../../../src/core/model/ports';
import { bytesOf, file } from '../../../support/core/files';
import { given, kindOf, saveMode, saving as a, type Given } from '../../../support/core/saving';

const unchecked = { honorsIfMatch: false, tags: 'second' } as const;

/** Every write is refused so. */
function refuseWrites({ client }: Given, kind: 'forbidden' | 'preconditionFailed', status: number): void {
  for (let index = 0; index < 50; index += 1) client.fail('write', kind, { facts: { status } });
}

/** Ann has saved under her lock, which then ends without a word. */
async function heldAndLost(habits: Parameters<typeof given>[0] = {}): Promise<Given> {
  const it = await given(habits);
  await it.ann.leases.take(a, 'edit');
  assert.equal(await kindOf(it, 'one'), undefined);
  it.server.break(a);
  return it;
}

describe('A refused save', () => {
  it('is checked again after a pause, where the server checks nothing itself', async () => {
    const it = await given(unchecked);
    it.client.fail('lock', 'unsupported', { facts: { status: 405 } });
    it.client.fail('write', 'locked', { facts: { status: 423 } });
    // Once the refusal was looked at, and before the next write.
    it.clock.after(100, () => it.server.put(a, 'bobs'));
    assert.equal(await kindOf(it), 'contentChanged');
    assert.equal(it.server.text(a), 'bobs');
  });

  it('is checked again under a lock taken since, where the server checks nothing itself', async () => {
    const it = await heldAndLost({ honorsIfMatch: false });
    it.client.travel = (operation, way) => {
      // Before it is ours again.
      if (operation === 'lock' && way === 'there') it.server.put(a, 'bobs');
      return Promise.resolve();
    };
    assert.equal(await kindOf(it), 'contentChanged');
    assert.equal(it.server.text(a), 'bobs');
  });

  it('is sent without the condition that the server does not understand, right after a look, and only once', async () => {
    const it = await given();
    const write = it.client.write.bind(it.client);
    const conditions: boolean[] = [];
    it.client.write = (resource, bytes, guard) => {
      conditions.push(guard.replaces !== undefined);
      if (guard.replaces) it.client.fail('write', 'preconditionFailed', { facts: { status: 412 } });
      return write(resource, bytes, guard);
    };
    assert.equal(await kindOf(it), undefined);
    assert.deepEqual(conditions, [true, false]);
    assert.equal(it.server.text(a), 'mine');
    // What is refused without it is not sent so again after a pause.
    conditions.length = 0;
    it.client.write = (_, __, guard) => {
      conditions.push(guard.replaces !== undefined);
      const kind = guard.replaces ? 'preconditionFailed' : 'locked';
      return Promise.reject(new RemoteFailure(kind, { resource: a, status: guard.replaces ? 412 : 423 }));
    };
    assert.notEqual(await kindOf(it, 'mine too'), undefined);
    assert.deepEqual(conditions.slice(0, 3), [true, false, true]);
  });

  it('ends where the same content gets a new tag before every write', async () => {
    const it = await given();
    it.client.travel = (operation, way) => {
      if (operation === 'write' && way === 'there') it.server.put(a, 'base');
      return Promise.resolve();
    };
    assert.equal(await kindOf(it), 'preconditionFailed');
    assert.equal(it.client.count('write'), 2);
  });

  it('ends where the file is missing and cannot be made', async () => {
    const it = await given();
    it.server.remove(a);
    refuseWrites(it, 'preconditionFailed', 412);
    assert.equal(await kindOf(it), 'preconditionFailed');
    assert.equal(it.client.count('write'), 2);
  });

  it('ends where a server that lists no locks confirms ours and refuses all the same', async () => {
    const it = await given({ lists: false });
    await it.ann.leases.take(a, 'edit');
    refuseWrites(it, 'forbidden', 403);
    assert.equal(await kindOf(it), 'forbidden');
    assert.equal(it.client.count('write'), 2);
  });

  it('is reported as it was refused where nothing can be looked up', async () => {
    const it = await given();
    it.client.fail('write', 'preconditionFailed', { facts: { status: 412 } });
    it.client.fail('stat', 'unreachable');
    assert.equal(await kindOf(it), 'preconditionFailed');
  });

  it('shows the lock that refused it, also where no lock is listed', async () => {
    const it = await given({ lists: false });
    it.server.lockFor('bob', a);
    assert.equal(await kindOf(it), 'locked');
    assert.equal(it.ann.store.stateOf(a).kind, 'locked');
    const other = await given({ lists: false });
    refuseWrites(other, 'forbidden', 403);
    assert.equal(await kindOf(other), 'forbidden');
    assert.notEqual(other.ann.store.stateOf(a).kind, 'locked');
  });

  it('tells of our lock that it is lost, and whether another has taken its place', async () => {
    for (const [isTaken, why] of [
      [true, 'taken'],
      [false, 'unknown'],
    ] as const) {
      const it = await heldAndLost();
      const losses: string[] = [];
      it.ann.leases.onDidLose((loss) => losses.push(loss.why));
      if (isTaken) it.server.lockFor('bob', a);
      // It is not asked of the server, which has listed what it has.
      for (let index = 0; index < 9; index += 1) it.client.fail('refresh', 'timeout');
      await kindOf(it, 'two');
      assert.deepEqual(losses.slice(0, 1), [why]);
    }
    const silent = await given({ lists: false });
    await silent.ann.leases.take(a, 'edit');
    let losses = 0;
    silent.ann.leases.onDidLose(() => (losses += 1));
    refuseWrites(silent, 'forbidden', 403);
    assert.equal(await kindOf(silent), 'forbidden');
    assert.equal(losses, 0);
  });

  it('goes to a new file under no lock of the one that is gone', async () => {
    for (const isReleased of [true, false]) {
      const it = await given();
      await it.ann.leases.take(a, 'edit');
      const [lease] = it.ann.leases.held();
      // The lock outlives its file.
      it.server.remove(a);
      if (!isReleased) it.client.fail('unlock', 'interrupted');
      await kindOf(it);
      assert.equal(it.client.count('unlock') > 0, true);
      assert.equal(
        it.ann.leases.held().some(({ id }) => id === lease?.id),
        false,
      );
    }
  });

  it('deletes no empty file but the one that locking its name has made, and not while it may be written', async () => {
    const it = await given(unchecked);
    it.server.put(a, '');
    await it.clock.pass(5_000);
    await it.ann.revert(a);
    await it.ann.leases.take(a, 'edit');
    refuseWrites(it, 'forbidden', 403);
    assert.equal(await kindOf(it), 'forbidden');
    assert.equal(it.server.text(a), '');

    for (const kind of ['timeout', 'forbidden'] as const) {
      const made = await given(unchecked);
      const b = file('b');
      made.client.fail('write', kind);
      const mode = { ...saveMode, mustBeNew: true };
      const saving = made.ann.saver.save(b, bytesOf('mine'), mode).then(
        () => assert.fail('saved'),
        () => undefined,
      );
      await made.clock.pass(4_000);
      await saving;
      assert.equal(made.server.text(b), kind === 'timeout' ? '' : undefined);
      if (kind === 'forbidden') assert.equal(made.ann.directory.cached(b), undefined);
    }
  });

  it('tells how much has been sent', async () => {
    const it = await given();
    const sent: number[] = [];
    const write = it.client.write.bind(it.client);
    const told = (bytes: Uint8Array, options?: CallOptions) => options?.onSent?.(bytes.length);
    const files: Pick<RemoteFiles, 'write'> = {
      write: (resource, bytes, guard, options) => {
        told(bytes, options);
        return write(resource, bytes, guard);
      },
    };
    Object.assign(it.client, files);
    await it.ann.saver.save(a, bytesOf('mine'), { ...saveMode, onSent: (bytes) => sent.push(bytes) });
    assert.deepEqual(sent, [4]);
  });
});
