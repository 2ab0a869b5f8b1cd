import { nameOf, type ResourceId } from '../../core/model/resource';

/**
 * Whether this member can be listed by its name. Left out is what is no name of one segment once it is decoded, what has
 * control characters in it, and a name in which VS Code finds a link: it puts the bare name of a file that could not be
 * saved into its own message ("Failed to save …") and makes `[label](command:id)`, `[label](file:…)` and web addresses
 * in it live, so that a click on what a server has named would run a command. What comes before the bracket does not
 * matter: a folder's name, or our own words, may have opened it.
 */
export function isShowable(member: ResourceId): boolean {
  return !escaped.test(member) || !unshowable.test(nameOf(member));
}

/** What an id encodes in a name that may not be listed: nearly all names are seen to be without it as they stand. */
const escaped = /%(?:[01]|2F|5D|7F|C2)/;

const unshowable = /\/|\p{Cc}|\]\((?:https?|command|file):/iu;
