import { end, type Step, type Tag } from './markup';
import { unsliced } from './unsliced';

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
