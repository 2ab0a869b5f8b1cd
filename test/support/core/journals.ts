// The journal over a disk in memory.
import { BlockedSaves } from '../../../src/core/saving/blockedSaves';
import type { ResourceId } from '../../../src/core/model/resource';
import { RemoteFailure } from '../../../src/core/model/failure';
import { Journal, type JournalProblem } from '../../../src/core/saving/journal';
import type { JournalLimits } from '../../../src/core/saving/journalQuota';
import { BaseVersions, type BaseVersion } from '../../../src/core/saving/baseVersions';
import { FakeClock } from './fakeClock';
import { MemoryDisk } from './memoryDisk';
import { bytesOf, file, textOf } from './files';

export const day = 24 * 3_600_000;
const limits: JournalLimits = { entryBytes: 100, totalBytes: 250, endedMs: 14 * day };
export const base: BaseVersion = {
  version: { etag: { opaque: '1', weak: false } },
  bytes: bytesOf('base'),
  certain: true,
};

/** Every window has its own name; those in `alive` are still there. */
let windows = 0;
export const alive = new Set<string>();

export function givenJournal(disk = new MemoryDisk(), workspaceKey = 'here', clock = new FakeClock()) {
  const blockedSaves = new BlockedSaves();
  const baseVersions = new BaseVersions();
  let serial = disk.files.size;
  const newId = () => `${workspaceKey}${(serial += 1)}`;
  const window = `window${(windows += 1)}`;
  const isClosed = (other: string) => !alive.has(other);
  /** The texts that editors show. */
  const documents = new Map<ResourceId, string>();
  const journal = new Journal({
    disk,
    blockedSaves,
    baseVersions,
    holds: (resource, bytes) => Promise.resolve(documents.get(resource) === textOf(bytes)),
    clock,
    limits,
    workspaceKey,
    window,
    isClosed,
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
  return {
    disk,
    blockedSaves,
    baseVersions,
    clock,
    journal,
    problems,
    refuse,
    kept,
    landed,
    window,
    documents,
  };
}
