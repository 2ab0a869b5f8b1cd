import { nameOf, type ResourceId } from '../../core/model/resource';

// All text from a server passes through here before it is shown: whoever wrote it, VS Code turns
// `[label](command:x)` in a message into a live link and `$(name)` in a label into an icon.

// Control characters, which are never visible.
const controls = /\p{Cc}/gu;
// Invisible characters that reorder or hide others: bidi controls, zero-width, fillers, tags, annotations.
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\uFFF9-\uFFFB]/gu;
// More combining marks on one letter than any language needs would cover the lines above and below.
const piledMarks = /(\p{M}{4})\p{M}+/gu;
const loneSurrogate = /\p{Cs}/gu;

/**
 * Sanitizes foreign text for display: one line, nothing hidden, no links, no icons, at most `max` characters.
 * Harmless text stays as it is, and a second call changes nothing.
 */
export function plain(text: string, max = 200): string {
  const visible = text
    // Cut roughly first, so that a line does not cost the processing of a megabyte.
    .slice(0, max * 8)
    .replace(invisible, '')
    .replace(/\s+/gu, ' ')
    .replace(controls, '')
    .replace(loneSurrogate, '\uFFFD')
    .replace(piledMarks, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
  return withoutLinks(cut(visible, max)).replaceAll('$(', `$${zeroWidthSpace}(`);
}

const zeroWidthSpace = '\u200B';

/**
 * A link is `[label](address)`: a zero-width space before the parenthesis breaks it, and an unclosed bracket must
 * not capture our own link after the text. File names such as `[id].ts` stay as they are.
 */
function withoutLinks(text: string): string {
  const last = text.lastIndexOf(']') + 1;
  const closed = text.slice(0, last) + text.slice(last).replaceAll('[', '(');
  // In this order: a bracket that became a parenthesis may follow a closing bracket.
  return closed.replace(/\](?=\(|$)/g, `]${zeroWidthSpace}`);
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const characters = [...text];
  if (characters.length <= max) return text;
  return `${characters
    .slice(0, Math.max(0, max - 1))
    .join('')
    .trimEnd()}…`;
}

/** The file's or folder's name, ready to be shown. */
export function displayNameOf(resource: ResourceId): string {
  return plain(nameOf(resource), 80);
}
