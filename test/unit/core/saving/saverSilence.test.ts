import assert from 'node:assert/strict';
import { isFailure } from '../../../../src/core/model/failure';
import { bytesOf, file } from '../../../support/core/files';
import { given, kindOf, saved, saving as a, type Given } from '../../../support/core/saving';

/** A lock that has stood since the content was seen: nobody else can have shortened it. */
async function lockAndRead({ ann }: Given): Promise<void> {
  await ann.leases.take(a, 'hand');
  await ann.revert(a);
}

describe('Saving when the connection breaks', () => {
  it('finds a write that landed although nobody said so', async () => {
    const it = await given();
    it.client.fail('write', 'interrupted', { lost: true });
    assert.equal(await kindOf(it), undefined);
    assert.equal(it.server.writes.length, 2);
  });

  it('sends what did not arrive once more by itself', async () => {
    const it = await given();
    it.client.fail('write', 'interrupted');
    assert.equal(await kindOf(it), undefined);
    assert.equal(it.server.text(a), 'mine');
  });

  for (const times of [1, 2])
    it(`sends a new file that did not arrive once more, and says so after that; broken: ${times}`, async () => {
      const { ann, client, clock, server } = await given();
      const fresh = file('new');
      for (let time = 0; time < times; time++) client.fail('write', 'interrupted');
      const ending = ann.saver
        .save(fresh, bytesOf('mine'), { mustBeNew: true, mayReplaceUnseen: false })
        .then(() => undefined)
        .catch((error: unknown) => (isFailure(error) ? error.kind : assert.fail(String(error))));
      await clock.pass(4_000);
      assert.equal(await ending, times === 1 ? undefined : 'interrupted');
      assert.equal(server.text(fresh), times === 1 ? 'mine' : undefined);
    });

  it('does not send a new file again where it cannot look whether it arrived', async () => {
    const { ann, client, clock, server } = await given();
    const fresh = file('new');
    client.fail('write', 'interrupted', { lost: true });
    client.fail('read', 'unreachable');
    const ending = ann.saver
      .save(fresh, bytesOf('mine'), { mustBeNew: true, mayReplaceUnseen: false })
      .catch((error: unknown) => (isFailure(error) ? error : assert.fail(String(error))));
    await clock.pass(4_000);
    const failure = await ending;
    assert.ok(isFailure(failure, 'interrupted'));
    assert.equal(failure.facts.maybeDone, true);
    assert.deepEqual([client.count('write'), server.text(fresh)], [1, 'mine']);
  });

  it('says that nothing arrived where that is known', async () => {
    const it = await given();
    it.client.fail('write', 'interrupted');
    it.client.fail('write', 'interrupted');
    const failure = await saved(it);
    assert.equal(failure?.kind, 'interrupted');
    assert.equal(failure.facts.maybeDone, false);
    assert.equal(it.server.text(a), 'base');
  });

  it('says that nobody knows where it cannot look', async () => {
    const it = await given();
    it.client.fail('write', 'interrupted', { lost: true });
    it.client.fail('read', 'unreachable');
    const failure = await saved(it);
    assert.equal(failure?.kind, 'interrupted');
    assert.equal(failure.facts.maybeDone, true);
  });

  it('does not promise that a slow server will not write after all', async () => {
    const it = await given();
    it.client.fail('write', 'timeout');
    const failure = await saved(it);
    assert.equal(failure?.kind, 'timeout');
    assert.equal(failure.facts.maybeDone, true);
  });

  for (const listingSupport of [
    {},
    { honorsIfMatch: false },
    { tags: 'none', honorsIfMatch: false },
  ] as const) {
    it(`takes its own unanswered write for no conflict, ${JSON.stringify(listingSupport)}`, async () => {
      const it = await given(listingSupport);
      it.client.fail('write', 'interrupted', { lost: true });
      it.client.travel = async (operation, way) => {
        await Promise.resolve();
        if (operation !== 'write' || way !== 'back') return;
        it.client.fail('read', 'unreachable');
        it.client.travel = () => Promise.resolve();
      };
      assert.equal(await kindOf(it, 'mine'), 'interrupted');
      assert.equal(await kindOf(it, 'mine and more'), undefined);
      assert.equal(it.server.text(a), 'mine and more');
    });
  }

  it('completes a half-written file by itself under our lock', async () => {
    const it = await given();
    await lockAndRead(it);
    it.client.fail('write', 'interrupted', { cutAt: 2 });
    assert.equal(await kindOf(it), undefined);
    assert.equal(it.server.text(a), 'mine');
  });

  it('says so where a file stays half written, and may complete it later', async () => {
    const it = await given();
    await lockAndRead(it);
    it.client.fail('write', 'interrupted', { cutAt: 2 });
    it.client.fail('write', 'interrupted', { cutAt: 3 });
    const failure = await saved(it);
    assert.equal(failure?.facts.halfWritten, 'surely');
    assert.equal(it.server.text(a), 'min');
    assert.equal(await kindOf(it, 'mine, longer'), undefined);
    assert.equal(it.server.text(a), 'mine, longer');
  });

  it('says so too where the second half is no longer than the first', async () => {
    const it = await given();
    await lockAndRead(it);
    for (let time = 0; time < 2; time += 1) it.client.fail('write', 'interrupted', { cutAt: 0 });
    const failure = await saved(it);
    assert.equal(it.server.text(a), '');
    assert.equal(failure?.facts.halfWritten, 'surely');
  });

  for (const shorter of ['mi', '']) {
    it(`does not take somebody’s "${shorter}" for its own half-written text`, async () => {
      const it = await given();
      it.client.travel = async (operation, way) => {
        await Promise.resolve();
        if (operation === 'write' && way === 'there') it.server.put(a, shorter);
      };
      it.client.fail('write', 'interrupted');
      const failure = await saved(it);
      assert.equal(failure?.kind, 'contentChanged');
      assert.equal(failure.facts.halfWritten, 'perhaps');
      assert.equal(it.server.text(a), shorter);
      it.client.travel = () => Promise.resolve();
      assert.equal(await kindOf(it, 'mine again'), 'contentChanged');
      assert.equal(it.server.text(a), shorter);
    });
  }

  for (const [kind, told] of [
    ['interrupted', 'contentChanged'],
    ['timeout', 'contentChanged'],
    ['serverFault', 'serverFault'],
  ] as const)
    it(`names what is known of a half text without a lock: ${kind} is told as ${told}`, async () => {
      const it = await given();
      it.client.fail('write', kind, { cutAt: 2 });
      const failure = await saved(it);
      assert.deepEqual([failure?.kind, failure?.facts.halfWritten], [told, 'perhaps']);
    });

  it('looks a moment later, when what was under way has arrived as well', async () => {
    const it = await given();
    it.client.fail('write', 'interrupted');
    it.client.travel = async (operation, way) => {
      await Promise.resolve();
      if (operation === 'write' && way === 'there') it.clock.after(100, () => it.server.put(a, 'mine'));
    };
    assert.equal(await kindOf(it), undefined);
    assert.equal(it.client.count('write'), 1);
  });

  it('looks at once after a response', async () => {
    const it = await given();
    it.client.fail('write', 'serverFault', { facts: { status: 500 } });
    const start = it.clock.now().mono;
    let lookedAt: number | undefined;
    it.client.travel = async (operation, way) => {
      await Promise.resolve();
      if (operation === 'read' && way === 'there') lookedAt = it.clock.now().mono - start;
    };
    assert.equal(await kindOf(it), 'serverFault');
    assert.equal(lookedAt, 0);
  });

  it('leaves no doubt that another text is there', async () => {
    const it = await given();
    it.client.travel = async (operation, way) => {
      await Promise.resolve();
      if (operation === 'write' && way === 'there') it.server.put(a, 'by bob');
    };
    it.client.fail('write', 'interrupted');
    const failure = await saved(it);
    assert.deepEqual([failure?.kind, failure?.facts.maybeDone], ['contentChanged', false]);
    assert.equal(it.server.text(a), 'by bob');
  });

  it('does not trust a lock that was taken after the content was seen', async () => {
    const it = await given();
    it.server.put(a, '');
    await it.ann.leases.take(a, 'hand');
    it.client.fail('write', 'interrupted');
    const failure = await saved(it);
    assert.deepEqual([failure?.kind, failure?.facts.halfWritten], ['contentChanged', 'perhaps']);
    assert.equal(it.server.text(a), '');
  });

  it('does not trust a lock that the server has forgotten meanwhile', async () => {
    const it = await given();
    await lockAndRead(it);
    it.client.travel = async (operation, way) => {
      await Promise.resolve();
      if (operation !== 'write' || way !== 'there') return;
      it.server.restart();
      it.server.put(a, 'mi');
    };
    it.client.fail('write', 'interrupted');
    assert.equal(await kindOf(it), 'contentChanged');
    assert.equal(it.server.text(a), 'mi');
  });

  it('does not replace what somebody wrote in the silence', async () => {
    const it = await given();
    it.client.travel = async (operation, way) => {
      await Promise.resolve();
      if (operation === 'write' && way === 'back') it.server.put(a, 'theirs');
    };
    it.client.fail('write', 'interrupted', { lost: true });
    assert.equal(await kindOf(it), 'contentChanged');
    assert.equal(it.server.text(a), 'theirs');
  });

  for (const kind of ['serverFault', 'quota', 'badAnswer'] as const) {
    it(`looks after a ${kind}: the file may be there, or half`, async () => {
      const it = await given();
      await lockAndRead(it);
      it.client.fail('write', kind, { lost: true, facts: { maybeDone: false } });
      assert.equal(await kindOf(it), undefined);
      it.client.fail('write', kind, { cutAt: 3, facts: { maybeDone: false } });
      const failure = await saved(it, 'something new');
      assert.equal(failure?.kind, kind);
      assert.equal(failure.facts.halfWritten, 'surely');
    });
  }

  for (const kind of ['unreachable', 'signInNeeded', 'busy', 'forbidden', 'tls'] as const) {
    it(`reports ${kind} as it is and keeps the text`, async () => {
      const it = await given();
      it.client.fail('write', kind, { facts: { status: 503 } });
      assert.equal(await kindOf(it), kind);
      assert.equal(it.server.text(a), 'base');
      assert.equal(await kindOf(it), undefined);
    });
  }

  it('keeps the text also after an error that nobody foresaw', async () => {
    for (const moment of ['read', 'write'] as const) {
      const it = await given({ tags: 'weak' });
      if (moment === 'read') it.server.put(a, 'theirs');
      it.client.travel = (operation) =>
        operation === moment ? Promise.reject(new URIError('URI malformed')) : Promise.resolve();
      assert.equal(await kindOf(it), 'badAnswer');
    }
  });
});
