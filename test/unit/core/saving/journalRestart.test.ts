import assert from 'node:assert/strict';
import { bytesOf, file, textOf } from '../../../support/core/files';
import { alive, base, givenJournal as given } from '../../../support/core/journals';

describe('The journal after a restart', () => {
  async function restarted(place = 'here') {
    const before = given();
    before.refuse('a', 'typed');
    await before.kept();
    const after = given(before.disk, place, before.clock);
    await after.journal.start();
    return after;
  }

  it('counts the save of a document that came back unsaved as blockedSaves again', async () => {
    const { journal, blockedSaves, baseVersions, disk } = await restarted();
    const written = disk.writes;
    await journal.resume(file('a'));
    const save = blockedSaves.of(file('a'));
    assert.equal(save?.failure.kind, 'locked');
    assert.equal(save?.failure.status, 423);
    assert.equal(textOf(save?.bytes), 'typed');
    assert.equal(textOf(baseVersions.of(file('a'))?.bytes), 'base');
    await journal.settled();
    assert.equal(disk.writes, written, 'what is on the disk is not written again');
  });

  it('knows the content again that the person had seen, by its bytes or by its digest', async () => {
    const isContent = (bytes: Uint8Array) => textOf(bytes) === 'base';
    const newer = { etag: { opaque: '2', weak: false } };
    for (const [version, bytes] of [
      [base.version, 'base'],
      [newer, undefined],
    ] as const) {
      const { journal, baseVersions } = await restarted();
      baseVersions.setShown(file('a'), { version, certain: true, isContent });
      await journal.resume(file('a'));
      const known = baseVersions.shownOf(file('a'));
      assert.deepEqual([known?.version, textOf(known?.bytes)], [version, bytes ?? textOf(undefined)]);
      assert.equal(known?.isContent?.(bytesOf('base')), true);
    }
  });

  it('does not take what is typed into a file as this window has read it for the kept text', async () => {
    const { journal, baseVersions, blockedSaves } = await restarted();
    baseVersions.setShown(file('a'), { ...base, bytes: bytesOf('read') });
    await journal.resume(file('a'));
    assert.equal(blockedSaves.of(file('a')), undefined);
    assert.equal(textOf(baseVersions.shownOf(file('a'))?.bytes), 'read');
  });

  it('touches no text that nobody has seen since, whatever happens to its file', async () => {
    const { journal, blockedSaves, refuse, kept, landed, clock } = await restarted();
    await landed('a', 'something else');
    assert.deepEqual(await kept(), ['a=typed']);
    await clock.pass(1);
    refuse('a', 'other text');
    assert.deepEqual(await kept(), ['a=other text', 'a=typed']);
    blockedSaves.discarded(file('a'), 'closed');
    assert.deepEqual(await kept(), ['a=other text closed', 'a=typed']);
    assert.deepEqual(
      journal.waiting().map(({ size }) => size),
      ['typed'.length],
    );
  });

  it('removes the text when its very bytes land, seen or not', async () => {
    const { kept, landed, journal } = await restarted();
    await landed('a', 'typed');
    assert.deepEqual(await kept(), []);
    assert.deepEqual(journal.waiting(), []);
  });

  it('removes the text that came back when it lands, and keeps it a while when another one does', async () => {
    for (const [text, left] of [
      ['typed', []],
      ['typed more', ['a=typed restored']],
    ] as const) {
      const { kept, landed, journal } = await restarted();
      await journal.resume(file('a'));
      await landed('a', text);
      assert.deepEqual(await kept(), left);
    }
  });

  it('keeps the text that came back for a while when its document is closed', async () => {
    const { journal, documents, blockedSaves, kept } = await restarted();
    documents.set(file('a'), 'typed');
    await journal.resume(file('a'));
    blockedSaves.discarded(file('a'), 'closed');
    assert.deepEqual(await kept(), ['a=typed closed']);
    assert.deepEqual(journal.waiting(), []);
  });

  it('touches no text when a document with another one, of a window in between, is closed', async () => {
    const { journal, documents, blockedSaves, kept } = await restarted();
    documents.set(file('a'), 'typed in a window that was refused nothing');
    await journal.resume(file('a'));
    blockedSaves.discarded(file('a'), 'closed');
    assert.deepEqual(await kept(), ['a=typed']);
    assert.equal(journal.waiting().length, 1);
  });

  it('keeps the text that came back for a while when a newer one is refused', async () => {
    const { refuse, kept, journal, clock, landed } = await restarted();
    await journal.resume(file('a'));
    await clock.pass(1);
    refuse('a', 'typed more');
    assert.deepEqual(await kept(), ['a=typed more', 'a=typed restored']);
    await landed('a', 'typed more');
    assert.deepEqual(await kept(), ['a=typed restored']);
  });

  it('brings back the newest of several, and leaves the others', async () => {
    const { disk, clock, refuse, kept } = await restarted();
    await clock.pass(1);
    refuse('a', 'other text');
    await kept();
    const third = given(disk, 'here', clock);
    await third.journal.start();
    await third.journal.resume(file('a'));
    assert.equal(textOf(third.blockedSaves.of(file('a'))?.bytes), 'other text');
    assert.deepEqual(
      third.journal.waiting().map((text) => [text.size, third.journal.isCurrent(text)]),
      [
        ['other text'.length, true],
        ['typed'.length, false],
      ],
    );
  });

  it('leaves the texts of another workspace alone', async () => {
    const { journal, blockedSaves, kept, refuse, landed } = await restarted('elsewhere');
    await journal.resume(file('a'));
    assert.equal(blockedSaves.of(file('a')), undefined);
    await landed('a', 'typed');
    assert.deepEqual(await kept(), ['a=typed']);
    refuse('a', 'mine');
    assert.equal((await kept()).length, 2);
  });

  it('leaves the texts of a window alone that is still there, until it is gone', async () => {
    const one = given();
    alive.add(one.window);
    one.refuse('a', 'typed');
    await one.kept();
    const two = given(one.disk, 'here', one.clock);
    await two.journal.start();
    await two.journal.resume(file('a'));
    assert.equal(two.blockedSaves.of(file('a')), undefined);
    two.refuse('a', 'of the other');
    await two.landed('a', 'of the other');
    assert.deepEqual(await one.kept(), ['a=typed']);
    alive.delete(one.window);
    await two.journal.start();
    await two.journal.resume(file('a'));
    assert.equal(textOf(two.blockedSaves.of(file('a'))?.bytes), 'typed');
  });
});
