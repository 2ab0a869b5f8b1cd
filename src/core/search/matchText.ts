import { patternOf, spansLines, type TextQuery } from './textQuery';

/** A line with matches. */
export interface LineHit {
  /** Zero-based. */
  readonly line: number;
  /** The line, shortened if it is very long. */
  readonly text: string;
}

export interface TextHits {
  readonly lines: readonly LineHit[];
  readonly matches: number;
  /** The pattern took too long, so that the rest of the text is not searched. */
  readonly tooSlow: boolean;
}

export interface MatchDeps {
  /** Runs within a time limit; undefined if it took longer. */
  readonly withinLimit: <T>(run: () => T) => { readonly value: T } | undefined;
  /** Lets others work. */
  readonly pause: () => Promise<void>;
}

/** Characters searched without a pause: some milliseconds. */
const sliceLength = 256 * 1024;
const maxLineLength = 1_000;
/** What is shown of a long line before its first match. */
const leadLength = 100;

/** Finds matches in texts whose only line break is `\n`. */
export class TextMatcher {
  private readonly pattern: RegExp;
  private readonly isMultiline: boolean;

  /** Throws a SyntaxError if the query is an invalid regular expression. */
  constructor(
    private readonly query: TextQuery,
    private readonly deps: MatchDeps,
  ) {
    this.pattern = patternOf(query);
    this.isMultiline = spansLines(query);
  }

  async match(text: string, maxMatches: number): Promise<TextHits> {
    const found = new Map<number, LineHit>();
    let matches = 0;
    let line = 0;
    for (let from = 0; from < text.length && matches < maxMatches;) {
      const to = this.isMultiline ? text.length : sliceEnd(text, from);
      const slice = from === 0 && to === text.length ? text : text.slice(from, to);
      const result = this.search(slice, maxMatches - matches);
      if (!result) return { lines: [...found.values()], matches, tooSlow: true };
      matches += result.matches;
      for (const hit of result.lines) found.set(line + hit.line, { ...hit, line: line + hit.line });
      line += countBreaks(slice);
      from = to;
      if (from < text.length) await this.deps.pause();
    }
    return { lines: [...found.values()], matches, tooSlow: false };
  }

  /** Plain text cannot take long; any expression that a person types may. */
  private search(slice: string, max: number): Omit<TextHits, 'tooSlow'> | undefined {
    const { pattern } = this;
    if (!this.query.isRegex) return linesOf(slice, [...matchesIn(slice, pattern, max)]);
    const offsets = this.deps.withinLimit(() =>
      this.isMultiline ? [...matchesIn(slice, pattern, max)] : lineMatchesIn(slice, pattern, max),
    );
    return offsets && linesOf(slice, offsets.value);
  }
}

/** Where each match begins. An empty match is none: it would be on every line. */
function* matchesIn(text: string, pattern: RegExp, max: number): Generator<number> {
  pattern.lastIndex = 0;
  for (let count = 0; count < max;) {
    const match = pattern.exec(text);
    if (!match) return;
    if (match[0] === '') pattern.lastIndex += 1;
    else {
      count += 1;
      yield match.index;
    }
  }
}

/** Line by line, because `\s` and `[^x]` would run across line ends. */
function lineMatchesIn(text: string, pattern: RegExp, max: number): number[] {
  const offsets: number[] = [];
  for (let start = 0; start <= text.length && offsets.length < max;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    for (const index of matchesIn(text.slice(start, end), pattern, max - offsets.length))
      offsets.push(start + index);
    start = end + 1;
  }
  return offsets;
}

function linesOf(text: string, offsets: readonly number[]): Omit<TextHits, 'tooSlow'> {
  const lines: LineHit[] = [];
  let line = 0;
  let counted = 0;
  let shown = -1;
  for (const offset of offsets) {
    for (let at = text.indexOf('\n', counted); at >= 0 && at < offset; at = text.indexOf('\n', counted)) {
      line += 1;
      counted = at + 1;
    }
    if (line === shown) continue;
    shown = line;
    const end = text.indexOf('\n', counted);
    lines.push({ line, text: shortened(text.slice(counted, end < 0 ? text.length : end), offset - counted) });
  }
  return { lines, matches: offsets.length };
}

function shortened(line: string, at: number): string {
  if (line.length <= maxLineLength) return line;
  const from = Math.max(0, Math.min(at - leadLength, line.length - maxLineLength));
  const to = from + maxLineLength;
  return `${from > 0 ? '…' : ''}${line.slice(from, to)}${to < line.length ? '…' : ''}`.toWellFormed();
}

function sliceEnd(text: string, from: number): number {
  if (text.length - from <= sliceLength) return text.length;
  const end = text.indexOf('\n', from + sliceLength);
  return end < 0 ? text.length : end + 1;
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
