/**
 * Whether a member of this name can be listed. Left out is what is no name of one segment once it is decoded, what has
 * control characters in it, and a name in which VS Code finds a link: it puts the bare name of a file that could not be
 * saved into its own message ("Failed to save …") and makes `[label](command:id)`, `[label](file:…)` and web addresses
 * in it live, so that a click on what a server has named would run a command. What comes before the bracket does not
 * matter: a folder's name, or our own words, may have opened it.
 */
export function isShowable(name: string): boolean {
  return !unshowable.test(name);
}

const unshowable = /^\.\.?$|\/|\p{Cc}|\]\((?:https?|command|file):/iu;
