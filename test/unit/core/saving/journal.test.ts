import assert from 'node:assert/strict';
import type { KeptContent, KeptText } from '../../../../src/core/saving/journalStore';
import { bytesOf, file, textOf } from '../../../support/core/files';
import { base, day, givenJournal as given } from '../../../support/core/journals';

describe('The journal of refused texts', () => {
  it('keeps the newest text of each file with its base, newest first', async () => {
    const { refuse, kept, journal, clock } = given();
    refuse('a', 'one');
    await clock.pass(1);
    refuse('b', 'two');
    await clock.pass(1);
    refuse('a', 'three');
    assert.deepEqual(await kept(), ['a=three', 'b=two']);
    const [newest] = await journal.all();
    assert.equal(textOf((await journal.read(newest as KeptText))?.base), 'base');
    assert.deepEqual(newest?.base, { version: base.version, certain: true });
    assert.equal(newest?.status, 423);
  });

  it('removes a text when it lands, and not before', async () => {
    const { refuse, kept, landed } = given();
    refuse('a', 'one');
    refuse('b', 'two');
    assert.equal((await kept()).length, 2);
    await landed('a', 'one and more');
    assert.deepEqual(await kept(), ['b=two']);
  });

  it('keeps for 14 days what was thrown away or closed', async () => {
    const { refuse, kept, blockedSaves, disk, clock } = given();
    refuse('a', 'one');
    blockedSaves.discarded(file('a'), 'reverted');
    await clock.pass(1);
    refuse('b', 'two');
    blockedSaves.discarded(file('b'), 'closed');
    assert.deepEqual(await kept(), ['b=two closed', 'a=one reverted']);
    await clock.pass(14 * day - 1);
    await given(disk, 'here', clock).journal.start();
    assert.equal(disk.files.size, 2);
    await clock.pass(2);
    await given(disk, 'here', clock).journal.start();
    assert.equal(disk.files.size, 0);
  });

  it('never clears away by age what was not given up', async () => {
    const { refuse, kept, clock, journal } = given();
    refuse('a', 'one');
    await kept();
    await clock.pass(400 * day);
    await journal.start();
    assert.deepEqual(await kept(), ['a=one']);
  });

  it('writes a new entry after one was given up, so that both are there', async () => {
    const { refuse, kept, blockedSaves, clock } = given();
    refuse('a', 'one');
    blockedSaves.discarded(file('a'), 'reverted');
    await clock.pass(1);
    refuse('a', 'two');
    assert.deepEqual(await kept(), ['a=two', 'a=one reverted']);
  });

  it('writes only the newest of many refusals in a row', async () => {
    const { refuse, kept, disk } = given();
    for (let index = 0; index < 20; index += 1) refuse('a', `text ${index}`);
    assert.deepEqual(await kept(), ['a=text 19']);
    assert.ok(disk.writes <= 2, `${disk.writes} writes`);
  });

  it('leaves nothing behind where the text lands while it is being written', async () => {
    const { refuse, kept, landed, disk } = given();
    let open = () => undefined as void;
    disk.gate = new Promise((resolve) => (open = resolve));
    refuse('a', 'one');
    void landed('a', 'one');
    open();
    disk.gate = undefined;
    assert.deepEqual(await kept(), []);
  });

  it('keeps a text without its base where both are too large together', async () => {
    const { refuse, journal, kept } = given();
    refuse('a', 'x'.repeat(98));
    assert.deepEqual(await kept(), [`a=${'x'.repeat(98)}`]);
    const [text] = await journal.all();
    assert.equal((await journal.read(text as KeptText))?.base, undefined);
    assert.equal(text?.baseKept, false);
    assert.deepEqual(text?.base?.version, base.version);
  });

  it('says so where a text is too large, and keeps the older one', async () => {
    const { refuse, kept, problems } = given();
    refuse('a', 'small');
    await kept();
    refuse('a', 'x'.repeat(101));
    assert.deepEqual(await kept(), ['a=small']);
    assert.deepEqual(problems, [{ resource: file('a'), why: 'tooLarge' }]);
  });

  it('makes room by the oldest that was given up, and never by one that was not', async () => {
    const { refuse, kept, blockedSaves, problems, clock } = given();
    for (const path of ['a', 'b', 'c']) {
      refuse(path, 'x'.repeat(70), null);
      await kept();
      if (path !== 'b') blockedSaves.discarded(file(path), 'closed');
      await clock.pass(1);
    }
    refuse('d', 'y'.repeat(90), null);
    const names = async () => (await kept()).map((entry) => entry[0]);
    assert.deepEqual(await names(), ['d', 'c', 'b']);
    refuse('e', 'z'.repeat(100), null);
    assert.deepEqual(await names(), ['d', 'c', 'b']);
    assert.deepEqual(problems, [{ resource: file('e'), why: 'full' }]);
  });

  it('tells of a disk that fails, and goes on when it works again', async () => {
    const { refuse, kept, problems, disk, journal } = given();
    disk.trouble = new Error('ENOSPC');
    refuse('a', 'one');
    await journal.settled();
    assert.deepEqual(
      problems.map(({ why }) => why),
      ['unwritable'],
    );
    disk.trouble = undefined;
    refuse('a', 'two');
    assert.deepEqual(await kept(), ['a=two']);
  });

  it('judges a text restored into its document by its own base, and follows it from there', async () => {
    const before = given();
    before.refuse('a', 'typed');
    const [text] = await before.journal.all();
    const { journal, baseVersions, kept, landed } = given(before.disk, 'elsewhere', before.clock);
    const content = (await journal.read(text as KeptText)) as KeptContent;
    baseVersions.setShown(file('a'), {
      version: { etag: { opaque: '2', weak: false } },
      bytes: bytesOf('newer'),
      certain: true,
    });
    await journal.restored(text as KeptText, content, 'document');
    assert.equal(textOf(baseVersions.of(file('a'))?.bytes), 'base');
    assert.deepEqual(baseVersions.of(file('a'))?.version, base.version);
    await landed('a', 'typed');
    assert.deepEqual(await kept(), []);
  });

  it('knows no base for a text that had none, whatever was read since', async () => {
    const { journal, baseVersions, refuse } = given();
    refuse('new', 'typed', null);
    const [text] = await journal.all();
    baseVersions.setShown(file('new'), base);
    await journal.restored(text as KeptText, { bytes: bytesOf('typed') }, 'document');
    assert.equal(baseVersions.of(file('new')), undefined);
  });

  it('marks a text that went into a new document, and deletes for good when told', async () => {
    const { journal, refuse, kept } = given();
    refuse('a', 'typed');
    const [text] = await journal.all();
    await journal.restored(text as KeptText, { bytes: bytesOf('typed') }, 'untitled');
    assert.deepEqual(await kept(), ['a=typed restored']);
    assert.deepEqual(journal.waiting(), []);
    await journal.remove(text as KeptText);
    assert.deepEqual(await kept(), []);
  });
});
