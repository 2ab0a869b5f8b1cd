import type { Tag } from './startTag';
import { unsliced } from './unsliced';

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

/** Most runs kept of one document, and of those that began in one element: each is compared before a tag is read. */
const keptRuns = 256;
const keptOfOne = 4;
const longestRun = 4096;

/** Takes down runs while they are read tag by tag. */
export class RunRecorder {
  #from: Tag | undefined;
  #start = 0;
  #steps: Step[] = [];
  #closes: Tag[] = [];
  #opens: Tag[] = [];
  #height = 0;
  #kept = 0;

  /** A tag was read at this place of the text, in this open element. */
  began(from: Tag | undefined, start: number): void {
    if (this.#from) return;
    this.#from = from;
    this.#start = start;
    this.#steps = [];
    this.#closes = [];
    this.#opens = [];
    this.#height = 0;
  }

  opened(tag: Tag): void {
    if (!this.#from) return;
    if (!tag.isKept) return this.drop();
    this.#steps.push(tag);
    if (tag.isEmpty) return;
    this.#opens.push(tag);
    this.#height = Math.max(this.#height, this.#opens.length - this.#closes.length);
  }

  closed(tag: Tag): void {
    if (!this.#from) return;
    if (!tag.isKept) return this.drop();
    this.#steps.push(end);
    if (!this.#opens.pop()) this.#closes.push(tag);
  }

  blanks(text: string): void {
    if (this.#from) this.#steps.push(unsliced(text));
  }

  /** What was taken down ends before this place of the text, and is worth keeping. */
  ended(all: string, at: number): void {
    const from = this.#from;
    const isWorth = this.#steps.length > 0 && at - this.#start <= longestRun && this.#kept < keptRuns;
    if (from && isWorth && from.runs.length < keptOfOne) {
      this.#kept++;
      from.runs.unshift({
        spelling: unsliced(all.slice(this.#start, at)),
        steps: this.#steps,
        closes: this.#closes,
        opens: this.#opens,
        height: this.#height,
      });
    }
    this.drop();
  }

  /** It does not end in this text, or will not come again. */
  drop(): void {
    this.#from = undefined;
  }
}
