import { end, type Step, type Tag } from './markup';
import { detached } from './detached';

/** Most runs kept of one document, and of those that began in one element: each is compared before a tag is read. */
const keptRuns = 256;
const keptOfOne = 4;
const longestRun = 1024;

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
    if (this.#from || !from?.isKept) return;
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
    this.#opens.push(tag);
    this.#height = Math.max(this.#height, this.#opens.length - this.#closes.length);
    if (tag.isEmpty) this.#opens.pop();
  }

  closed(tag: Tag): void {
    if (!this.#from) return;
    if (!tag.isKept) return this.drop();
    this.#steps.push(end);
    if (!this.#opens.pop()) this.#closes.push(tag);
  }

  blanks(text: string): void {
    if (this.#from) this.#steps.push(detached(text));
  }

  /** What was taken down ends before this place of the text, and is worth keeping. */
  ended(all: string, at: number): void {
    const from = this.#from;
    if (from && this.#kept < keptRuns && from.runs.length < keptOfOne && this.#isWhole(all, at)) {
      this.#kept++;
      from.runs.unshift({
        spelling: detached(all.slice(this.#start, at)),
        steps: this.#steps,
        closes: this.#closes,
        opens: this.#opens,
        height: this.#height,
      });
    }
    this.drop();
  }

  /** Half the end of a line means another thing than a whole one. */
  #isWhole(all: string, at: number): boolean {
    return this.#steps.length > 0 && at - this.#start <= longestRun && all.charAt(at - 1) !== '\r';
  }

  /** It does not end in this text, or will not come again. */
  drop(): void {
    this.#from = undefined;
  }
}
