// The journal over a disk in memory.
import { BlockedSaves } from '../../../src/core/saving/blockedSaves';
import { RemoteFailure } from '../../../src/core/model/failure';
import { Journal, type JournalProblem } from '../../../src/core/saving/journal';
import type { JournalLimits } from '../../../src/core/saving/journalQuota';
import type { JournalStore, KeptContent, KeptText } from '../../../src/core/saving/keptText';
import { BaseVersions, type BaseVersion } from '../../../src/core/saving/baseVersions';
import { FakeClock } from './fakeClock';
import { bytesOf, file, textOf } from './files';

export const day = 24 * 3_600_000;
const limits: JournalLimits = { entryBytes: 100, totalBytes: 250, endedMs: 14 * day };
export const base: BaseVersion = {
  version: { etag: { opaque: '1', weak: false } },
  bytes: bytesOf('base'),
  certain: true,
};

/** A disk in memory; `trouble` makes it fail. */
export class MemoryDisk implements JournalStore {
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
export const alive = new Set<string>();

export function givenJournal(disk = new MemoryDisk(), workspaceKey = 'here', clock = new FakeClock()) {
  const blockedSaves = new BlockedSaves();
  const baseVersions = new BaseVersions();
  let serial = disk.files.size;
  const newId = () => `${workspaceKey}${(serial += 1)}`;
  const window = `window${(windows += 1)}`;
  const isGone = (other: string) => !alive.has(other);
  const journal = new Journal({
    disk,
    blockedSaves,
    baseVersions,
    clock,
    limits,
    workspaceKey,
    window,
    isGone,
    newId,
  });
  const problems: JournalProblem[] = [];
  journal.onDidFail((problem) => problems.push(problem));
  const refuse = (path: string, text: string, on: BaseVersion | null = base) =>
    blockedSaves.keep({
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
  const landed = (path: string, text: string) => blockedSaves.landed(file(path), bytesOf(text));
  return { disk, blockedSaves, baseVersions, clock, journal, problems, refuse, kept, landed, window };
}
