import { pause } from '../../base/timer';
import type { ListedEntry } from '../model/evidence';
import type { Lock } from '../model/lock';
import type { Clock, RemoteEntry } from '../model/ports';
import type { ResourceId } from '../model/resource';

/** Entries of one response processed without yielding: some milliseconds of work. */
const batchSize = 2_000;
/** Nobody needs more locks on one resource. */
const maxLocks = 256;

/** Members of a response for each of which little is done, without yielding. */
const stepSize = 8 * batchSize;

/** Drops duplicates: if a file is listed twice, the first entry counts, consistently, with the locks of both. */
export async function withoutDuplicates(
  clock: Clock,
  members: readonly RemoteEntry[],
): Promise<readonly RemoteEntry[]> {
  const seen = new Set<ResourceId>();
  await inSteps(clock, members, ({ resource }) => {
    seen.add(resource);
  });
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

export async function byResource(
  clock: Clock,
  members: readonly RemoteEntry[],
): Promise<ReadonlyMap<ResourceId, RemoteEntry>> {
  const all = new Map<ResourceId, RemoteEntry>();
  await inSteps(clock, members, (entry) => {
    all.set(entry.resource, entry);
  });
  return all;
}

/** Yields after a step over all entries of a long response. */
export async function pauseAfter(clock: Clock, entries: readonly unknown[]): Promise<void> {
  if (entries.length > batchSize) await pause(clock, 0);
}

/** Does something small for each entry, yields now and then where there are many, and collects what is found. */
export async function inSteps<T, Found>(
  clock: Clock,
  entries: readonly T[],
  look: (entry: T) => Found | undefined,
): Promise<Found[]> {
  const all: Found[] = [];
  for (let at = 0; at < entries.length; at += stepSize) {
    if (at > 0) await pause(clock, 0);
    for (const entry of entries.slice(at, at + stepSize)) {
      const found = look(entry);
      if (found !== undefined) all.push(found);
    }
  }
  return all;
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
  const ordered = entries.length <= batchSize ? entries : await lockedFirst(clock, entries);
  for (let at = 0; at < ordered.length; at += batchSize) {
    if (at > 0) await pause(clock, 0);
    take(ordered.slice(at, at + batchSize));
  }
}

async function lockedFirst(clock: Clock, entries: readonly ListedEntry[]): Promise<readonly ListedEntry[]> {
  const others: ListedEntry[] = [];
  const locked = await inSteps(clock, entries, (entry) => {
    if (entry.listing.locks.length > 0) return entry;
    others.push(entry);
    return undefined;
  });
  return locked.concat(others);
}
