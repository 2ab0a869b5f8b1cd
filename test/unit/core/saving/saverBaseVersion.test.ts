// What a save rests on: tags that do not show every write, tags that are new over the same content, and locks.
import assert from 'node:assert/strict';
import { readBase } from '../../../../src/core/saving/baseVersions';
import type { Habits } from '../../../support/core/modelServer';
import { bytesOf } from '../../../support/core/files';
import { given, kindOf, saving as a, type Given } from '../../../support/core/saving';

/** In the same second as the next write, before its answer is there. */
function afterWrite({ client }: Given, run: () => void | Promise<void>): void {
  client.travel = async (operation, way) => {
    if (operation !== 'write' || way !== 'back') return;
    client.travel = () => Promise.resolve();
    await run();
  };
}

const blind: Partial<Habits> = { tags: 'second', honorsIfMatch: false };

describe('What a save rests on', () => {
  it('is no equal tag of whole seconds from before our lock', async () => {
    const it = await given(blind);
    it.server.put(a, 'bob1');
    await it.ann.revert(a);
    it.server.put(a, 'bob2');
    await it.clock.pass(60_000);
    await it.ann.leases.take(a, 'edit');
    assert.equal(await kindOf(it), 'contentChanged');
    assert.equal(it.server.text(a), 'bob2');
  });

  it('is an equal tag while our lock has stood since we read or wrote, without reading again', async () => {
    const it = await given(blind);
    await it.ann.leases.take(a, 'edit');
    await it.ann.revert(a);
    it.client.calls.length = 0;
    for (const text of ['one', 'two']) assert.equal(await kindOf(it, text), undefined);
    assert.equal(it.client.count('read'), 0);
  });

  it('is the content where our lock is not the one under which we wrote', async () => {
    const it = await given(blind);
    await it.ann.leases.take(a, 'edit');
    afterWrite(it, () => it.server.put(a, 'hers'));
    assert.equal(await kindOf(it, 'mine'), undefined);
    await it.ann.leases.release(a);
    await it.ann.leases.take(a, 'edit');
    assert.equal(await kindOf(it, 'more'), 'contentChanged');
    assert.equal(it.server.text(a), 'hers');
  });

  it('is the content after a refusal too', async () => {
    const it = await given({ ...blind, lists: false });
    await it.ann.leases.take(a, 'edit');
    afterWrite(it, () => {
      it.server.restart();
      it.server.put(a, 'hers');
    });
    assert.equal(await kindOf(it, 'mine'), undefined);
    assert.equal(await kindOf(it, 'more'), 'contentChanged');
    assert.equal(it.server.text(a), 'hers');
  });

  it('is no answer that came under a lock taken only after the write', async () => {
    const it = await given({ ...blind, tellsTag: false });
    it.client.fail('lock', 'forbidden', { facts: { status: 403 } });
    afterWrite(it, async () => {
      it.server.put(a, 'hers');
      await it.ann.leases.take(a, 'edit');
    });
    assert.equal(await kindOf(it, 'mine'), undefined);
    assert.equal(await kindOf(it, 'more'), 'contentChanged');
    assert.equal(it.server.text(a), 'hers');
  });

  describe('after a restart', () => {
    const restarted = async (listingSupport: Partial<Habits>, isContent?: string) => {
      const it = await given(listingSupport);
      const base = it.ann.baseVersions.of(a);
      const tells = { isContent: (bytes: Uint8Array) => new TextDecoder().decode(bytes) === isContent };
      it.ann.baseVersions.setShown(a, {
        version: base?.version ?? {},
        certain: true,
        ...(isContent !== undefined && tells),
      });
      return it;
    };

    it('is the digest of the content', async () => {
      assert.equal(await kindOf(await restarted(blind, 'base')), undefined);
      assert.equal(await kindOf(await restarted(blind, 'bobs')), 'contentChanged');
    });

    it('is the tag alone only where the server checks it', async () => {
      assert.equal(await kindOf(await restarted({})), undefined);
      assert.equal(await kindOf(await restarted(blind)), 'contentChanged');
    });
  });

  it('is the new tag where the same content was written again', async () => {
    const it = await given();
    it.server.put(a, 'base');
    let looked = false;
    it.client.travel = async (operation, way) => {
      await Promise.resolve();
      looked ||= operation === 'read';
      if (looked && operation === 'write' && way === 'there') {
        looked = false;
        it.server.put(a, 'hers');
      }
    };
    assert.equal(await kindOf(it), 'contentChanged');
    assert.equal(it.server.text(a), 'hers');
  });

  it('is not what was read for somebody else while the text lay unsaved', async () => {
    const it = await given();
    it.ann.baseVersions.closed(a);
    it.server.put(a, 'hers');
    it.ann.baseVersions.read(a, readBase(await it.client.read(a), []));
    assert.equal(await kindOf(it), 'contentChanged');
    await it.ann.saver.save(a, bytesOf('mine'), { mustBeNew: false, mayReplaceUnseen: true });
    assert.equal(it.server.text(a), 'mine');
  });
});
