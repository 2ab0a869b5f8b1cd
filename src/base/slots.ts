/** Runs at most so many tasks at once; the others wait for their turn, first come, first served. */
export class Slots {
  private readonly urgent: (() => void)[] = [];
  private readonly others: (() => void)[] = [];
  private free: number;

  constructor(count: number) {
    this.free = count;
  }

  /** @param isUrgent goes before those that are not. */
  async run<T>(task: () => Promise<T>, isUrgent = false): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resume) => (isUrgent ? this.urgent : this.others).push(resume));
    try {
      return await task();
    } finally {
      const next = this.urgent.shift() ?? this.others.shift();
      // The slot passes on directly: nobody who comes just now may take it first.
      if (next) next();
      else this.free += 1;
    }
  }
}
