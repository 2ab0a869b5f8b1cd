// Everything that comes from a server passes through here on its way to a person. VS Code turns `[label](command:x)` in
// a message into a live link and `$(name)` in a label into a picture, without asking who wrote it.

// Control characters, which no surface shows.
const controls = /\p{Cc}/gu;
// Characters that show nothing but reorder or hide others: bidi controls, zero-width, fillers, tags, annotations.
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\uFFF9-\uFFFB]/gu;
// More marks on one letter than any language needs would paint over the lines above and below.
const piledMarks = /(\p{M}{4})\p{M}+/gu;
const loneSurrogate = /\p{Cs}/gu;

/**
 * Makes foreign text safe for every surface: one line, nothing hidden, no links, no icons, at most `max` characters.
 * Harmless text stays as it is, and doing it twice does no more than doing it once.
 */
export function plain(text: string, max = 200): string {
  const visible = text
    // Cut roughly first: a megabyte must not be washed for the sake of a line.
    .slice(0, max * 8)
    .replace(invisible, '')
    .replace(/\s+/gu, ' ')
    .replace(controls, '')
    .replace(loneSurrogate, '\uFFFD')
    .replace(piledMarks, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
  return withoutLinks(cut(visible, max)).replaceAll('$(', `$${parting}(`);
}

const parting = '\u200B';

/**
 * A link is `[label](address)`: parting the brackets from the parenthesis ends it, and a bracket that is never closed
 * must not swallow a link of ours that comes after the text. File names such as `[id].ts` stay as they are.
 */
function withoutLinks(text: string): string {
  const last = text.lastIndexOf(']') + 1;
  const closed = text.slice(0, last) + text.slice(last).replaceAll('[', '(');
  // In this order: a bracket that became a parenthesis must not meet one that closes.
  return closed.replace(/\](?=\(|$)/g, `]${parting}`);
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
