/** A start tag: what it says depends on its spelling and on the prefixes around it, and on nothing else. */
export interface Tag {
  /** Without the brackets. */
  readonly spelling: string;
  readonly name: string;
  readonly namespace: string;
  readonly local: string;
  readonly isEmpty: boolean;
  /** What prefixes mean in it. */
  readonly within: Scope;
  /** Whether it may be met again: only such tags are kept, and only they may keep others. */
  readonly isKept: boolean;
  /** The runs that began in its element, the last one met first. */
  readonly runs: Run[];
}

/** What prefixes mean in some part of the document, with the kept tags of it. */
export class Scope {
  readonly tags = new Map<string, Tag>();

  constructor(readonly prefixes: ReadonlyMap<string, string>) {}
}

/** A start tag, the end of the open element, or blanks between two tags. */
export type Step = Tag | typeof end | string;

export const end = Symbol('end tag');

/**
 * A stretch of tags with nothing but blanks between them, such as lies between the value of one property and the value
 * of the next. All entries of a listing have the same few of them, and what was met before is read by one comparison.
 */
export interface Run {
  /** As it is written, with all brackets. */
  readonly spelling: string;
  readonly steps: readonly Step[];
  /** The elements open before that it ends, innermost first: it means the same only where these are open. */
  readonly closes: readonly Tag[];
  /** The elements open behind it that it began, outermost first. */
  readonly opens: readonly Tag[];
  /** How many more elements are open in it than before it, at most. */
  readonly height: number;
}
