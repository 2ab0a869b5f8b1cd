import type { ListedEntry } from '../model/evidence';
import type { Clock, RemoteEntry } from '../model/ports';

/** Entries of one answer that are taken in before others have their turn: some milliseconds of work. */
const entriesAtOnce = 2_000;

/** Of a file that is listed twice the first mention counts, always the same one. */
export function firstMentions(members: readonly RemoteEntry[]): readonly RemoteEntry[] {
  const seen = new Set(members.map(({ resource }) => resource));
  if (seen.size === members.length) return members;
  return members.filter(({ resource }) => seen.delete(resource));
}

/**
 * Hands on the entries of a long answer some at a time, and lets others have their turn between. Those with locks come
 * first: that a server lists locks counts for all of its answer.
 */
export async function inTurns(
  clock: Clock,
  entries: readonly ListedEntry[],
  take: (some: readonly ListedEntry[]) => void,
): Promise<void> {
  const ordered = entries.length <= entriesAtOnce ? entries : lockedFirst(entries);
  for (let at = 0; at < ordered.length; at += entriesAtOnce) {
    if (at > 0) await new Promise<void>((resume) => void clock.after(0, resume));
    take(ordered.slice(at, at + entriesAtOnce));
  }
}

function lockedFirst(entries: readonly ListedEntry[]): readonly ListedEntry[] {
  const isLocked = ({ listing }: ListedEntry) => listing.locks.length > 0;
  return [...entries.filter(isLocked), ...entries.filter((entry) => !isLocked(entry))];
}
