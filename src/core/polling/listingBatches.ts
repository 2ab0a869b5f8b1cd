import type { ListedEntry } from '../model/evidence';
import type { Clock, RemoteEntry } from '../model/ports';

/** Entries of one response processed without yielding: some milliseconds of work. */
const batchSize = 2_000;

/** Drops duplicates: if a file is listed twice, the first entry counts, consistently. */
export function withoutDuplicates(members: readonly RemoteEntry[]): readonly RemoteEntry[] {
  const seen = new Set(members.map(({ resource }) => resource));
  if (seen.size === members.length) return members;
  return members.filter(({ resource }) => seen.delete(resource));
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
    if (at > 0) await new Promise<void>((resume) => void clock.after(0, resume));
    take(ordered.slice(at, at + batchSize));
  }
}

function lockedFirst(entries: readonly ListedEntry[]): readonly ListedEntry[] {
  const isLocked = ({ listing }: ListedEntry) => listing.locks.length > 0;
  return [...entries.filter(isLocked), ...entries.filter((entry) => !isLocked(entry))];
}
