/** Runs at most so many tasks at once; the others wait for their turn, first come, first served. */
export class Slots {
  private readonly queue: (() => void)[] = [];
  private free: number;

  constructor(count: number) {
    this.free = count;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resume) => this.queue.push(resume));
    try {
      return await task();
    } finally {
      const next = this.queue.shift();
      // The slot passes on directly: nobody who comes just now may take it first.
      if (next) next();
      else this.free += 1;
    }
  }
}
