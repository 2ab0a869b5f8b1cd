// What our lock, and a server's word alone, prove about what stands on the server.
import assert from 'node:assert/strict';
import { bytesOf } from '../../../support/core/files';
import { given, kindOf, saveMode, saving as a, type Given } from '../../../support/core/saving';

/** Saves without letting a second pass, in which tags of whole seconds stay as they are. */
async function savedAtOnce({ ann }: Given, text: string): Promise<void> {
  await ann.saver.save(a, bytesOf(text), saveMode);
}

describe('A save', () => {
  it('takes no lock that is given and never listed for a proof that nobody else has written', async () => {
    const it = await given({ lists: false, enforces: false, honorsIfMatch: false, tags: 'second' });
    await it.ann.leases.take(a, 'hand');
    await savedAtOnce(it, 'one');
    it.server.put(a, 'bob');
    assert.equal(await kindOf(it, 'two'), 'contentChanged');
    assert.equal(it.server.text(a), 'bob');
  });

  for (const tags of ['weak', 'second'] as const)
    it(`needs no look before it under a lock that stood all along, with ${tags} tags`, async () => {
      const it = await given({ tags, tellsTag: false, honorsIfMatch: tags === 'weak' });
      await it.ann.leases.take(a, 'hand');
      await savedAtOnce(it, 'first');
      it.client.calls.length = 0;
      await savedAtOnce(it, 'second');
      assert.deepEqual(
        it.client.calls.map((call) => call.split(' ')[0]),
        ['write', 'stat'],
      );
      assert.equal(it.server.text(a), 'second');
    });

  for (const tags of ['strong', 'none'] as const)
    it(`is not done where nothing has moved and the old text is there, with tags: ${tags}`, async () => {
      const it = await given({ tags, tellsTag: false });
      it.client.write = () => Promise.resolve({});
      assert.equal(await kindOf(it, 'mine'), 'badAnswer');
      assert.equal(it.server.text(a), 'base');
    });
});
