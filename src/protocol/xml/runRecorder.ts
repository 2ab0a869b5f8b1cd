import { end, type Step, type Tag } from './markup';
import { detached } from './detached';

/** Limits per document and per element: each stored run costs a comparison before a tag is parsed. */
const maxRuns = 256;
const maxRunsPerElement = 4;
const maxRunLength = 1024;

/** Records runs while the scanner parses them tag by tag. */
export class RunRecorder {
  #from: Tag | undefined;
  #start = 0;
  #steps: Step[] = [];
  #closes: Tag[] = [];
  #opens: Tag[] = [];
  #height = 0;
  #storedCount = 0;

  /** Starts a run at this offset inside the open element `from`, unless one is already being recorded. */
  begin(from: Tag | undefined, start: number): void {
    if (this.#from || !from?.isCached) return;
    this.#from = from;
    this.#start = start;
    this.#steps = [];
    this.#closes = [];
    this.#opens = [];
    this.#height = 0;
  }

  opened(tag: Tag): void {
    if (!this.#from) return;
    if (!tag.isCached) return this.drop();
    this.#steps.push(tag);
    this.#opens.push(tag);
    this.#height = Math.max(this.#height, this.#opens.length - this.#closes.length);
    if (tag.isEmpty) this.#opens.pop();
  }

  closed(tag: Tag): void {
    if (!this.#from) return;
    if (!tag.isCached) return this.drop();
    this.#steps.push(end);
    if (!this.#opens.pop()) this.#closes.push(tag);
  }

  blanks(text: string): void {
    if (this.#from) this.#steps.push(detached(text));
  }

  /** Ends the run before this offset and stores it. */
  finish(all: string, at: number): void {
    const from = this.#from;
    if (
      from &&
      this.#storedCount < maxRuns &&
      from.runs.length < maxRunsPerElement &&
      this.#isWhole(all, at)
    ) {
      this.#storedCount++;
      from.runs.unshift({
        source: detached(all.slice(this.#start, at)),
        steps: this.#steps,
        closes: this.#closes,
        opens: this.#opens,
        nesting: this.#height,
      });
    }
    this.drop();
  }

  /** A run must not end between CR and LF: CR alone is normalized differently. */
  #isWhole(all: string, at: number): boolean {
    return this.#steps.length > 0 && at - this.#start <= maxRunLength && all.charAt(at - 1) !== '\r';
  }

  /** Discards the run: it continues beyond this chunk, or is not worth storing. */
  drop(): void {
    this.#from = undefined;
  }
}
