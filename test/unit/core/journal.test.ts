import assert from 'node:assert/strict';
import { BlockedSaves } from '../../../src/core/blockedSaves';
import { RemoteFailure } from '../../../src/core/failure';
import { Journal, type JournalProblem } from '../../../src/core/journal';
import type { JournalLimits } from '../../../src/core/journalRoom';
import type { JournalStore, KeptContent, KeptText } from '../../../src/core/keptText';
import { SeenVersions, type Base } from '../../../src/core/seenVersions';
import { FakeClock } from '../../support/core/fakeClock';
import { bytesOf, file, textOf } from '../../support/core/files';

const day = 24 * 3_600_000;
const limits: JournalLimits = { entryBytes: 100, totalBytes: 250, endedMs: 14 * day };
const base: Base = { version: { etag: { opaque: '1', weak: false } }, bytes: bytesOf('base'), certain: true };

/** A disk in memory; `trouble` makes it fail. */
class MemoryDisk implements JournalStore {
  readonly files = new Map<string, { text: KeptText; content: KeptContent }>();
  writes = 0;
  trouble: Error | undefined;
  gate: Promise<void> | undefined;

  async list(): Promise<readonly KeptText[]> {
    await this.gate;
    if (this.trouble) throw this.trouble;
    return [...this.files.values()].map(({ text }) => text);
  }
  async write(text: KeptText, content: KeptContent): Promise<void> {
    await this.gate;
    if (this.trouble) throw this.trouble;
    this.writes += 1;
    this.files.set(text.id, { text, content: { ...content } });
  }
  read({ id }: KeptText): Promise<KeptContent | undefined> {
    return Promise.resolve(this.files.get(id)?.content);
  }
  mark({ id }: KeptText, end: NonNullable<KeptText['end']>): Promise<void> {
    const known = this.files.get(id);
    if (known) this.files.set(id, { ...known, text: { ...known.text, end } });
    return Promise.resolve();
  }
  remove({ id }: KeptText): Promise<void> {
    this.files.delete(id);
    return Promise.resolve();
  }
}

/** Every window has its own name; those in `alive` are still there. */
let windows = 0;
const alive = new Set<string>();

function given(disk = new MemoryDisk(), place = 'here', clock = new FakeClock()) {
  const blocked = new BlockedSaves();
  const seen = new SeenVersions();
  let serial = disk.files.size;
  const newId = () => `${place}${(serial += 1)}`;
  const window = `window${(windows += 1)}`;
  const isGone = (other: string) => !alive.has(other);
  const journal = new Journal({ disk, blocked, seen, clock, limits, place, window, isGone, newId });
  const problems: JournalProblem[] = [];
  journal.onDidFail((problem) => problems.push(problem));
  const refuse = (path: string, text: string, on: Base | null = base) =>
    blocked.keep({
      resource: file(path),
      bytes: bytesOf(text),
      base: on ?? undefined,
      since: clock.now(),
      failure: new RemoteFailure('locked', { resource: file(path), status: 423 }),
    });
  const kept = async () =>
    Promise.all(
      (await journal.all()).map(async (text) => {
        const content = await journal.read(text);
        return `${text.resource.slice(10)}=${textOf(content?.bytes)}${text.end ? ` ${text.end.how}` : ''}`;
      }),
    );
  const landed = (path: string, text: string) => blocked.landed(file(path), bytesOf(text));
  return { disk, blocked, seen, clock, journal, problems, refuse, kept, landed, window };
}

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
    landed('a', 'one and more');
    assert.deepEqual(await kept(), ['b=two']);
  });

  it('keeps for 14 days what was thrown away or closed', async () => {
    const { refuse, kept, blocked, disk, clock } = given();
    refuse('a', 'one');
    blocked.givenUp(file('a'), 'reverted');
    await clock.pass(1);
    refuse('b', 'two');
    blocked.givenUp(file('b'), 'closed');
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
    const { refuse, kept, blocked, clock } = given();
    refuse('a', 'one');
    blocked.givenUp(file('a'), 'reverted');
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
    landed('a', 'one');
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
    const { refuse, kept, blocked, problems, clock } = given();
    for (const path of ['a', 'b', 'c']) {
      refuse(path, 'x'.repeat(70), null);
      await kept();
      if (path !== 'b') blocked.givenUp(file(path), 'closed');
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

  describe('after a restart', () => {
    async function restarted(place = 'here') {
      const before = given();
      before.refuse('a', 'typed');
      await before.kept();
      const after = given(before.disk, place, before.clock);
      await after.journal.start();
      return after;
    }

    it('counts the save of a document that came back unsaved as blocked again', async () => {
      const { journal, blocked, seen, disk } = await restarted();
      const written = disk.writes;
      await journal.resume(file('a'));
      const save = blocked.of(file('a'));
      assert.equal(save?.failure.kind, 'locked');
      assert.equal(save?.failure.status, 423);
      assert.equal(textOf(save?.bytes), 'typed');
      assert.equal(textOf(seen.of(file('a'))?.bytes), 'base');
      await journal.settled();
      assert.equal(disk.writes, written, 'what is on the disk is not written again');
    });

    it('touches no text that nobody has seen since, whatever happens to its file', async () => {
      const { journal, blocked, refuse, kept, landed, clock } = await restarted();
      landed('a', 'something else');
      assert.deepEqual(await kept(), ['a=typed']);
      await clock.pass(1);
      refuse('a', 'other text');
      assert.deepEqual(await kept(), ['a=other text', 'a=typed']);
      blocked.givenUp(file('a'), 'closed');
      assert.deepEqual(await kept(), ['a=other text closed', 'a=typed']);
      assert.deepEqual(
        journal.waiting().map(({ size }) => size),
        ['typed'.length],
      );
    });

    it('removes the text when its very bytes land, seen or not', async () => {
      const { kept, landed, journal } = await restarted();
      landed('a', 'typed');
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
        landed('a', text);
        assert.deepEqual(await kept(), left);
      }
    });

    it('keeps the text that came back for a while when a newer one is refused', async () => {
      const { refuse, kept, journal, clock, landed } = await restarted();
      await journal.resume(file('a'));
      await clock.pass(1);
      refuse('a', 'typed more');
      assert.deepEqual(await kept(), ['a=typed more', 'a=typed restored']);
      landed('a', 'typed more');
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
      assert.equal(textOf(third.blocked.of(file('a'))?.bytes), 'other text');
      assert.deepEqual(
        third.journal.waiting().map((text) => [text.size, third.journal.isCurrent(text)]),
        [
          ['other text'.length, true],
          ['typed'.length, false],
        ],
      );
    });

    it('leaves the texts of another workspace alone', async () => {
      const { journal, blocked, kept, refuse, landed } = await restarted('elsewhere');
      await journal.resume(file('a'));
      assert.equal(blocked.of(file('a')), undefined);
      landed('a', 'typed');
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
      assert.equal(two.blocked.of(file('a')), undefined);
      two.refuse('a', 'of the other');
      two.landed('a', 'of the other');
      assert.deepEqual(await one.kept(), ['a=typed']);
      alive.delete(one.window);
      await two.journal.start();
      await two.journal.resume(file('a'));
      assert.equal(textOf(two.blocked.of(file('a'))?.bytes), 'typed');
    });
  });

  it('judges a text restored into its document by its own base, and follows it from there', async () => {
    const before = given();
    before.refuse('a', 'typed');
    const [text] = await before.journal.all();
    const { journal, seen, kept, landed } = given(before.disk, 'elsewhere', before.clock);
    const content = (await journal.read(text as KeptText)) as KeptContent;
    seen.saw(file('a'), {
      version: { etag: { opaque: '2', weak: false } },
      bytes: bytesOf('newer'),
      certain: true,
    });
    await journal.restored(text as KeptText, content, 'document');
    assert.equal(textOf(seen.of(file('a'))?.bytes), 'base');
    assert.deepEqual(seen.of(file('a'))?.version, base.version);
    landed('a', 'typed');
    assert.deepEqual(await kept(), []);
  });

  it('knows no base for a text that had none, whatever was read since', async () => {
    const { journal, seen, refuse } = given();
    refuse('new', 'typed', null);
    const [text] = await journal.all();
    seen.saw(file('new'), base);
    await journal.restored(text as KeptText, { bytes: bytesOf('typed') }, 'document');
    assert.equal(seen.of(file('new')), undefined);
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
