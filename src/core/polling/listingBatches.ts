import { pause } from '../../base/timer';
import type { ListedEntry } from '../model/evidence';
import type { Lock } from '../model/lock';
import type { Clock, RemoteEntry } from '../model/ports';
import type { ResourceId } from '../model/resource';

/** Entries of one response processed without yielding: some milliseconds of work. */
const batchSize = 2_000;
/** Nobody needs more locks on one resource. */
const maxLocks = 256;

/** Drops duplicates: if a file is listed twice, the first entry counts, consistently, with the locks of both. */
export function withoutDuplicates(members: readonly RemoteEntry[]): readonly RemoteEntry[] {
  const seen = new Set(members.map(({ resource }) => resource));
  if (seen.size === members.length) return members;
  const first = members.filter(({ resource }) => seen.delete(resource));
  const locks = new Map<ResourceId, Lock[]>();
  for (const { resource, listing } of members)
    if (listing.locks.length > 0)
      locks.set(resource, [...(locks.get(resource) ?? []), ...listing.locks].slice(0, maxLocks));
  return first.map((entry) => {
    const all = locks.get(entry.resource);
    return all ? { ...entry, listing: { locks: all, reported: true } } : entry;
  });
}

/** Yields after a step over all entries of a long response. */
export async function pauseAfter(clock: Clock, entries: readonly unknown[]): Promise<void> {
  if (entries.length > batchSize) await pause(clock, 0);
}

/**
 * Processes a long response in batches and yields between them. Entries with locks come first, because one listed
 * lock proves for the whole response that the server lists locks.
 */
export async function inBatches(
  clock: Clock,
  entries: readonly ListedEntry[],
  take: (some: readonly ListedEntry[]) => void,
): Promise<void> {
  const ordered = entries.length <= batchSize ? entries : lockedFirst(entries);
  for (let at = 0; at < ordered.length; at += batchSize) {
    if (at > 0) await pause(clock, 0);
    take(ordered.slice(at, at + batchSize));
  }
}

function lockedFirst(entries: readonly ListedEntry[]): readonly ListedEntry[] {
  const isLocked = ({ listing }: ListedEntry) => listing.locks.length > 0;
  return [...entries.filter(isLocked), ...entries.filter((entry) => !isLocked(entry))];
}
