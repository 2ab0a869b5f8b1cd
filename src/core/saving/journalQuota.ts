import type { KeptText } from './journalStore';

/** Size and age limits of the journal. */
export interface JournalLimits {
  readonly entryBytes: number;
  readonly totalBytes: number;
  /** How long a text is kept after nobody wants to save it any more. */
  readonly endedMs: number;
}

export const journalLimits: JournalLimits = {
  entryBytes: 20_000_000,
  totalBytes: 200_000_000,
  endedMs: 14 * 24 * 3_600_000,
};

export type QuotaPlan =
  | { readonly refused: 'tooLarge' | 'full' }
  | { readonly refused?: undefined; readonly remove: readonly KeptText[] };

/**
 * Which texts to remove so that a new one fits: reverted, closed or restored ones, oldest first. A text that
 * somebody may still want to save never makes room for another.
 */
export function planQuota(texts: readonly KeptText[], wanted: KeptText, limits: JournalLimits): QuotaPlan {
  if (wanted.storedBytes > limits.entryBytes) return { refused: 'tooLarge' };
  const others = texts.filter(({ id }) => id !== wanted.id);
  let over =
    others.reduce((sum, { storedBytes }) => sum + storedBytes, wanted.storedBytes) - limits.totalBytes;
  const remove: KeptText[] = [];
  for (const old of others.filter(({ end }) => end).sort(byEnd)) {
    if (over <= 0) break;
    over -= old.storedBytes;
    remove.push(old);
  }
  return over > 0 ? { refused: 'full' } : { remove };
}

/** Ended texts past their retention time. */
export function outdated(texts: readonly KeptText[], wall: number, limits: JournalLimits): KeptText[] {
  return texts.filter(({ end }) => end && wall - end.at > limits.endedMs);
}

function byEnd(one: KeptText, other: KeptText): number {
  return (one.end?.at ?? 0) - (other.end?.at ?? 0);
}
