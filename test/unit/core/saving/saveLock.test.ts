// Between the last look and the write nobody else may write, also where the server checks no condition.
import assert from 'node:assert/strict';
import type { ModelClient } from '../../../support/core/modelClient';
import { bytesOf, file } from '../../../support/core/files';
import { given, kindOf, saveMode, saving as a, type Given } from '../../../support/core/saving';

const b = file('b');
const create = { mustBeNew: true, mayReplaceUnseen: false };
const blind = { honorsIfMatch: false, tags: 'second' } as const;

/** Bob, who writes when Ann's look has been answered, or is kept out by a lock. */
function bobWritesAfterLook({ client, server }: Given, resource = a): { done: boolean } {
  const bob = { done: false };
  let looks = 0;
  client.travel = async (operation, way) => {
    await Promise.resolve();
    if (operation === 'write' && way === 'there' && !bob.done && looks > 0 && !server.lockOn(resource)) {
      bob.done = true;
      server.put(resource, 'bobs');
    }
    if (operation === 'stat' && way === 'back') looks += 1;
  };
  return bob;
}

const asked = (client: ModelClient) => client.calls.map((call) => call.split(' ')[0]);

describe('A save where the server checks no condition', () => {
  for (const lists of [true, false])
    it(`is done under a lock of its own, taken before the look; locks are listed: ${lists}`, async () => {
      const it = await given({ ...blind, lists });
      const bob = bobWritesAfterLook(it);
      it.client.calls.length = 0;
      assert.equal(await kindOf(it), undefined);
      assert.equal(bob.done, false, 'the lock kept him out');
      assert.equal(it.server.text(a), 'mine');
      assert.equal(it.server.writes.at(-1)?.locked, true);
      assert.ok(asked(it.client).indexOf('lock') < asked(it.client).indexOf('stat'));
      assert.equal(it.server.lockOn(a), undefined, 'and is released again');
    });

  it('takes no second lock where one of ours stands, and none where there are no locks', async () => {
    const it = await given(blind);
    await it.ann.leases.take(a, 'hand');
    it.client.calls.length = 0;
    assert.equal(await kindOf(it), undefined);
    assert.equal(it.client.count('lock'), 0);
    const none = await given(blind);
    none.client.fail('lock', 'unsupported', { facts: { status: 405 } });
    assert.equal(await kindOf(none, 'one'), undefined);
    assert.equal(await kindOf(none, 'two'), undefined);
    assert.equal(none.client.count('lock'), 1);
  });
});

describe('A file is created where the server checks no condition', () => {
  const creating = async (it: Given) => {
    let kind: unknown;
    const saving = it.ann.saver.save(b, bytesOf('mine'), create).catch((error: { kind: string }) => {
      kind = error.kind;
    });
    await it.clock.pass(4_000);
    await saving;
    return kind;
  };

  it('under a lock on its name', async () => {
    const it = await given(blind);
    const bob = bobWritesAfterLook(it, b);
    assert.equal(await creating(it), undefined);
    assert.equal(bob.done, false);
    assert.equal(it.server.text(b), 'mine');
    assert.equal(it.server.writes.at(-1)?.locked, true);
    assert.equal(it.server.lockOn(b), undefined);
  });

  it('but not over what somebody made before the name was locked', async () => {
    const it = await given(blind);
    it.client.travel = async (operation, way) => {
      await Promise.resolve();
      if (operation === 'lock' && way === 'there') it.server.put(b, 'bobs');
    };
    assert.equal(await creating(it), 'exists');
    assert.equal(it.server.text(b), 'bobs');
    assert.equal(it.server.lockOn(b), undefined);
  });

  it('and leaves no empty file behind where the write is refused', async () => {
    const it = await given(blind);
    it.client.fail('write', 'forbidden', { facts: { status: 403 } });
    assert.equal(await creating(it), 'forbidden');
    assert.equal(it.server.text(b), undefined);
    assert.equal(it.server.lockOn(b), undefined);
  });

  it('and deletes nothing where the write is refused and somebody has written under the lock', async () => {
    const it = await given({ ...blind, enforces: false });
    it.client.travel = async (operation, way) => {
      await Promise.resolve();
      if (operation === 'write' && way === 'back') it.server.put(b, 'bobs');
    };
    it.client.fail('write', 'forbidden', { facts: { status: 403 } });
    assert.equal(await creating(it), 'forbidden');
    assert.equal(it.server.text(b), 'bobs');
  });

  it('anew where somebody deleted it, without a gap for others', async () => {
    const it = await given(blind);
    it.server.files.delete(a);
    const bob = bobWritesAfterLook(it);
    assert.equal(await kindOf(it), undefined);
    assert.equal(bob.done, false);
    assert.equal(it.server.text(a), 'mine');
  });

  it('needs no lock where conditions are checked', async () => {
    const it = await given();
    assert.equal(await creating(it), undefined);
    assert.equal(it.client.count('lock'), 0);
    await it.ann.saver.save(a, bytesOf('mine'), saveMode);
    assert.equal(it.client.count('lock'), 0);
  });
});
