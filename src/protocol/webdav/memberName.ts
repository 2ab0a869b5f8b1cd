import { nameOf, type ResourceId } from '../../core/model/resource';

/**
 * Whether this member may be listed. Excludes names that decode to more than one segment, control characters, and
 * names that VS Code would turn into a link: it puts file names unescaped into messages such as "Failed to save …"
 * and renders `[label](command:id)`, `[label](file:…)` and web links there, so a server's name could run a command.
 * The text before `]` is not checked: a folder's name or our own text may contain the opening bracket.
 */
export function isShowable(member: ResourceId): boolean {
  return !escaped.test(member) || !unshowable.test(nameOf(member));
}

/** Fast check: every unshowable name contains one of these in its encoded id, and nearly all names contain none. */
const escaped = /%(?:[01]|2F|5D|7F|C2)/;

const unshowable = /\/|\p{Cc}|\]\((?:https?|command|file):/iu;
