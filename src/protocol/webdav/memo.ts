import { detached } from '../xml/detached';

const mostKnown = 256;

/** What the texts of one answer are read as: in a folder most locks, dates and statuses are alike, and each is read once. */
export class Memo<From, T> {
  readonly #read: (from: From) => T;
  readonly #known = new Map<string, T>();
  #last: { readonly key: string; readonly value: T } | undefined;

  constructor(read: (from: From) => T) {
    this.#read = read;
  }

  /** What `from` is read as, or what another of the same key was. */
  of(key: string, from: From): T {
    if (this.#last?.key === key) return this.#last.value;
    const known = this.#known.get(key);
    const value = known ?? this.#read(from);
    if (known === undefined && this.#known.size < mostKnown) this.#known.set(detached(key), value);
    this.#last = { key, value };
    return value;
  }
}
