/** A start tag, determined only by its spelling and the namespace prefixes in scope, so it can be cached. */
export interface Tag {
  /** Without the brackets. */
  readonly source: string;
  readonly name: string;
  readonly namespace: string;
  readonly local: string;
  readonly isEmpty: boolean;
  /** The namespace scope of its content. */
  readonly scope: Scope;
  /** Whether the tag is cached. Only cached tags store runs or take part in them. */
  readonly isCached: boolean;
  /** The runs that start inside this element, most recently used first. */
  readonly runs: Run[];
}

/** The namespace prefixes of a part of the document, with the tags cached for it. */
export class Scope {
  readonly tags = new Map<string, Tag>();

  constructor(readonly prefixes: ReadonlyMap<string, string>) {}
}

/** A start tag, the end of the open element, or whitespace between two tags. */
export type Step = Tag | typeof end | string;

export const end = Symbol('end tag');

/**
 * A sequence of tags with only whitespace between them, such as between two property values. All entries of a
 * listing repeat the same few runs, so a known run is recognized by one string comparison.
 */
export interface Run {
  /** The source text, brackets included. */
  readonly source: string;
  readonly steps: readonly Step[];
  /** The already open elements that it closes, innermost first. It matches only where these are open. */
  readonly closes: readonly Tag[];
  /** The elements that it opens and leaves open, outermost first. */
  readonly opens: readonly Tag[];
  /** The maximum nesting depth within it, relative to its start. */
  readonly nesting: number;
}
