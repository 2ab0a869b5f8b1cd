// A person agrees that their text overwrites a version that it was not made from: exactly that one, and only that text.
import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/base/emitter';
import type { EditLocks } from '../../../../src/core/leases/editLocks';
import { LockStore } from '../../../../src/core/locks/lockStore';
import { BaseVersions } from '../../../../src/core/saving/baseVersions';
import { BlockedSaves } from '../../../../src/core/saving/blockedSaves';
import { DocumentLife, type ShownText } from '../../../../src/core/saving/documentLife';
import { KeptBaseVersions } from '../../../../src/storage/memory';
import { bytesOf, file, textOf } from '../../../support/core/files';
import { givenJournal } from '../../../support/core/journals';
import { Memento } from '../../../support/core/memento';
import { given, kindOf, saving as a, type Given } from '../../../support/core/saving';
import type { ResourceId } from '../../../../src/core/model/resource';

/** Ann has typed, Bob has written, Ann has seen that and agrees to overwrite it. */
async function agreed(habits: Parameters<typeof given>[0] = {}): Promise<Given> {
  const it = await given(habits);
  it.ann.type(a, 'mine');
  it.server.put(a, 'by bob');
  await it.clock.pass(5_000);
  it.ann.baseVersions.allowOverwrite(a, await it.client.read(a));
  return it;
}

const shownOf = ({ ann }: Given) => textOf(ann.baseVersions.shownOf(a)?.bytes);

describe('A version that is to be overwritten', () => {
  it('is overwritten also after a save that was refused for another reason', async () => {
    for (const habits of [{}, { honorsIfMatch: false }, { tags: 'none' }] as const) {
      const it = await agreed(habits);
      it.server.lockFor('bob', a);
      assert.equal(await kindOf(it), 'locked');
      // What is kept of the text says what it was made from.
      assert.equal(textOf(it.ann.blockedSaves.of(a)?.base?.bytes), 'base');
      it.server.break(a);
      assert.equal(await kindOf(it), undefined);
      assert.equal(it.server.text(a), 'mine');
      assert.equal(it.ann.baseVersions.shownOf(a)?.madeFrom, undefined);
    }
  });

  it('is no more when another one has turned up, also if it comes back', async () => {
    const it = await agreed();
    it.server.put(a, 'by bob again');
    assert.equal(await kindOf(it), 'contentChanged');
    assert.equal(shownOf(it), 'base');
    it.server.put(a, 'by bob');
    assert.equal(await kindOf(it), 'contentChanged');
    assert.equal(it.server.text(a), 'by bob');
  });

  it('is no more when a comparison has shown another one, and still is when it has shown the same', async () => {
    const it = await agreed();
    it.ann.baseVersions.endOverwrite(a, bytesOf('by bob'));
    assert.equal(shownOf(it), 'by bob');
    it.ann.baseVersions.endOverwrite(a, bytesOf('by bob again'));
    assert.equal(shownOf(it), 'base');
  });

  it('gives way to the next one, while the text remains made from what it was', async () => {
    const it = await agreed();
    it.server.put(a, 'by bob again');
    it.ann.baseVersions.allowOverwrite(a, await it.client.read(a));
    assert.equal(textOf(it.ann.baseVersions.shownOf(a)?.madeFrom?.bytes), 'base');
    assert.equal(await kindOf(it), undefined);
    assert.equal(it.server.text(a), 'mine');
  });

  it('does not go with the file to another name, nor stand for a text of unknown origin', async () => {
    const it = await agreed();
    it.ann.baseVersions.moved(a, file('b'));
    assert.equal(textOf(it.ann.baseVersions.shownOf(file('b'))?.bytes), 'base');
    const baseVersions = new BaseVersions();
    baseVersions.allowOverwrite(a, { version: {}, bytes: bytesOf('by bob') });
    baseVersions.endOverwrite(a);
    assert.deepEqual(baseVersions.shownOf(a), { version: {}, certain: false });
  });

  it('is known after a restart, and so is what the text was made from', async () => {
    const memento = new Memento();
    const baseVersions = new BaseVersions();
    new KeptBaseVersions(memento, baseVersions);
    const version = (opaque: string) => ({ etag: { opaque, weak: false } });
    baseVersions.setShown(a, { version: version('1'), bytes: bytesOf('base'), certain: true });
    baseVersions.allowOverwrite(a, { version: version('2'), bytes: bytesOf('by bob') });
    const before = givenJournal();
    before.refuse('a', 'mine');
    await before.kept();

    const after = givenJournal(before.disk, 'here', before.clock);
    new KeptBaseVersions(memento, after.baseVersions);
    await after.journal.start();
    await after.journal.resume(a);
    const shown = after.baseVersions.shownOf(a);
    assert.equal(shown?.isContent?.(bytesOf('by bob')), true);
    assert.equal(shown.isContent(bytesOf('base')), false);
    // The bytes come from the kept text.
    assert.equal(textOf(shown.madeFrom?.bytes), 'base');
    assert.equal(textOf(after.blockedSaves.of(a)?.base?.bytes), 'base');
  });

  describe('when nothing is unsaved any more', () => {
    const life = () => {
      const onDidShow = new Emitter<ShownText>();
      const onDidClean = new Emitter<ResourceId>();
      const never = new Emitter<ResourceId>().event;
      const baseVersions = new BaseVersions();
      new DocumentLife({
        documents: {
          onDidOpen: never,
          onDidEdit: never,
          onDidClose: never,
          onDidHide: never,
          onDidShow: onDidShow.event,
          onDidClean: onDidClean.event,
          isOpen: () => true,
          isDirty: () => false,
        },
        blockedSaves: new BlockedSaves(),
        editLocks: { cleaned: () => undefined } as unknown as EditLocks,
        baseVersions,
        store: new LockStore(),
      });
      baseVersions.setShown(a, { version: {}, bytes: bytesOf('base'), certain: true });
      const theirs = { version: {}, bytes: bytesOf('by bob') };
      baseVersions.allowOverwrite(a, theirs);
      return { baseVersions, theirs, onDidShow, onDidClean };
    };

    it('is no more: what was undone is made from what it was made from', () => {
      const { baseVersions, onDidClean } = life();
      onDidClean.fire(a);
      assert.equal(textOf(baseVersions.shownOf(a)?.bytes), 'base');
    });

    it('is what is shown where the changes were thrown away, whichever event comes first', async () => {
      for (const isCleanFirst of [true, false]) {
        const { baseVersions, theirs, onDidShow, onDidClean } = life();
        baseVersions.read(a, { ...theirs, certain: true });
        let tell = (_: boolean) => undefined as void;
        const matches = () => new Promise<boolean>((resolve) => (tell = resolve));
        onDidShow.fire({ resource: a, matches });
        if (isCleanFirst) onDidClean.fire(a);
        tell(true);
        await new Promise(setImmediate);
        if (!isCleanFirst) onDidClean.fire(a);
        const { madeFrom, bytes } = baseVersions.shownOf(a) ?? {};
        assert.deepEqual([textOf(bytes), madeFrom], ['by bob', undefined]);
      }
    });
  });
});
