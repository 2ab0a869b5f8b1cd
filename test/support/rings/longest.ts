/** The files that take longest in their ring, from the longest on: begun last, each would keep a processor waiting. */
const longest = [
  ...['properties/histories', 'saving/operations', 'properties/workday', 'protocol/linear', 'unit/bundle'],
  ...['mainJob', 'lockedFile', 'causes', 'breaking', 'locksView', 'trust', 'refusedSaves', 'ownLocks'],
];

export function longestFirst(files: readonly string[]): readonly string[] {
  const rank = (file: string): number => {
    const at = longest.findIndex((name) => file.includes(`/${name}.`));
    return at < 0 ? longest.length : at;
  };
  return [...files].sort((one, other) => rank(one) - rank(other));
}
