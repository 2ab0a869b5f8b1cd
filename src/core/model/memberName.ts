import { pathOf, segmentsOf, type ResourceId } from './resource';

/** The operating system that files may be copied to, as Node names it. */
export type Platform = 'win32' | (string & {});

/**
 * Whether every name on the way to this resource may reach the editor, wherever the address came from: a listing, a
 * link or another extension. VS Code puts names unescaped into messages such as "Failed to save …" and renders
 * `[label](command:id)`, `[label](file:…)` and web links there, so a name could run a command. The text before `]` is
 * not checked: a folder's name or our own text may contain the opening bracket.
 */
export function isShowable(resource: ResourceId, platform: Platform): boolean {
  if (platform !== 'win32' && !suspicious.test(pathOf(resource))) return true;
  return segmentsOf(resource).every((name) => isShowableName(name, platform));
}

/** Fast check of the encoded path: every unshowable name contains one of these, and nearly all names contain none. */
const suspicious = /%(?:[01]|2F|5C|5D|7F|C2)/;

/**
 * `/` and `\` would lead out of a folder, here or on a disk. A colon names a drive or a stream on Windows, which also
 * drops dots and spaces at the end and takes some names for devices.
 */
function isShowableName(name: string, platform: Platform): boolean {
  return !unshowable.test(name) && (platform !== 'win32' || !unshowableOnWindows.test(name));
}

const unshowable = /[/\\]|\p{Cc}|\]\((?:https?|command|file):/iu;

const unshowableOnWindows =
  /:|[. ]$|^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?: *\.|$)/i;
