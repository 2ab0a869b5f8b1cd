/** A path with what the search for names needs of it. */
export interface NamedPath {
  /** Relative, with `/`. */
  readonly path: string;
}

/**
 * The paths that match all words of the query, the best first: in the name before in the path, whole before scattered.
 */
export function rankNames<T extends NamedPath>(paths: readonly T[], query: string, max: number): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const ranked: { readonly one: T; readonly rank: number }[] = [];
  for (const one of paths) {
    const rank = rankOf(one.path.toLowerCase(), words);
    if (rank !== undefined) ranked.push({ one, rank });
  }
  return ranked
    .sort(
      (a, b) => a.rank - b.rank || a.one.path.length - b.one.path.length || compare(a.one.path, b.one.path),
    )
    .slice(0, max)
    .map(({ one }) => one);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Undefined unless all words match; smaller is better. */
function rankOf(path: string, words: readonly string[]): number | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  let rank = 0;
  for (const word of words) {
    const own = wordRank(path, name, word);
    if (own === undefined) return undefined;
    rank += own;
  }
  return rank;
}

function wordRank(path: string, name: string, word: string): number | undefined {
  if (name === word) return 0;
  if (name.startsWith(word)) return 1;
  if (name.includes(word)) return 2;
  if (path.includes(word)) return 3;
  if (isScattered(name, word)) return 4;
  return isScattered(path, word) ? 5 : undefined;
}

/** Whether all letters occur in this order. */
function isScattered(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
