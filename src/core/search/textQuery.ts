/** What to look for in texts. */
export interface TextQuery {
  readonly text: string;
  readonly isRegex: boolean;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
}

/** The query as a global regular expression. Throws a SyntaxError if it is none. */
export function patternOf({ text, isRegex, matchCase, wholeWord }: TextQuery): RegExp {
  const source = isRegex ? text : text.replace(/[\\^$.*+?()[\]{}|/-]/g, escaped);
  const flags = matchCase ? 'gm' : 'gim';
  try {
    return new RegExp(
      wholeWord ? `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])` : source,
      `${flags}u`,
    );
  } catch (error) {
    // Many expressions that people know, such as `\-`, are allowed only without the Unicode mode.
    if (!isRegex || !(error instanceof SyntaxError)) throw error;
    return new RegExp(wholeWord ? `(?<!\\w)(?:${source})(?!\\w)` : source, flags);
  }
}

/** Unicode mode knows no escape of a hyphen outside of a class. */
function escaped(character: string): string {
  return character === '-' ? '\\x2d' : `\\${character}`;
}

/** Whether a match may contain a line break. All others are looked for line by line. */
export function spansLines({ text, isRegex }: TextQuery): boolean {
  return /[\r\n]/.test(text) || (isRegex && /\\[nr]/.test(text));
}
