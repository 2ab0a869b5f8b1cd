import { detached } from '../../xml/detached';

const maxEntries = 256;

/** Caches parsed texts of one response: most locks, dates and statuses in a folder are equal. */
export class Memo<From, T> {
  readonly #read: (from: From) => T;
  readonly #known = new Map<string, T>();
  #last: { readonly key: string; readonly value: T } | undefined;

  constructor(read: (from: From) => T) {
    this.#read = read;
  }

  /** The cached result for this key, else the result of parsing `from`. */
  of(key: string, from: From): T {
    if (this.#last?.key === key) return this.#last.value;
    const known = this.#known.get(key);
    const value = known ?? this.#read(from);
    if (known === undefined && this.#known.size < maxEntries) this.#known.set(detached(key), value);
    this.#last = { key, value };
    return value;
  }
}
