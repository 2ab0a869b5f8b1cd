// Controls, line and paragraph separators, bidirectional overrides, zero-width characters, byte-order marks, tags.
const unseen =
  /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/**
 * Foreign text as one line of plain text without anything that hides, reorders or breaks it, at most `max` UTF-16
 * units. What it says stays foreign: never Markdown, never HTML, never a command.
 */
export function plainLine(text: string, max: number): string {
  // Cut roughly first: a megabyte of text must not be washed for the sake of a line.
  const line = text
    .slice(0, max * 8)
    .toWellFormed()
    .replace(unseen, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= max ? line : `${beginning(line, max - 1).trimEnd()}…`;
}

/** The first `most` UTF-16 units of a text, or one less where that would cut a character into halves. */
export function beginning(text: string, most: number): string {
  const last = text.charCodeAt(most - 1);
  const isHalf = last >= 0xd800 && last < 0xdc00;
  return text.slice(0, isHalf ? most - 1 : most);
}
