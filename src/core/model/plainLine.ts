// Controls, line and paragraph separators, bidirectional overrides, zero-width characters, byte-order marks, tags.
const invisible =
  /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/**
 * Untrusted text as one plain line of at most `max` UTF-16 units, without characters that hide, reorder or break
 * it. The result stays untrusted: never use it as Markdown, HTML or a command.
 */
export function plainLine(text: string, max: number): string {
  // Shorten first, so that a megabyte of text is not sanitized for one line.
  const line = text
    .slice(0, max * 8)
    .toWellFormed()
    .replace(invisible, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= max ? line : `${beginning(line, max - 1).trimEnd()}…`;
}

/** The first `most` UTF-16 units of a text, or one less to avoid splitting a surrogate pair. */
export function beginning(text: string, most: number): string {
  const last = text.charCodeAt(most - 1);
  const isHalf = last >= 0xd800 && last < 0xdc00;
  return text.slice(0, isHalf ? most - 1 : most);
}
