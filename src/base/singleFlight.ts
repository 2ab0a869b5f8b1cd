/** Runs one task per key at a time: who asks meanwhile gets the same promise. */
export class SingleFlight<K, T> {
  private readonly flying = new Map<K, Promise<T>>();

  run(key: K, task: () => Promise<T>): Promise<T> {
    const running = this.flying.get(key);
    if (running) return running;
    const flight = task().finally(() => this.flying.delete(key));
    this.flying.set(key, flight);
    return flight;
  }

  isRunning(key: K): boolean {
    return this.flying.has(key);
  }
}

/** Runs tasks with the same key one after the other, in the order they came; a failure does not stop the queue. */
export class Serial<K> {
  private readonly tails = new Map<K, Promise<unknown>>();

  run<T>(key: K, task: () => Promise<T>): Promise<T> {
    const before = this.tails.get(key) ?? Promise.resolve();
    const next = before.then(task, task);
    this.tails.set(key, next);
    const forget = () => {
      if (this.tails.get(key) === next) this.tails.delete(key);
    };
    next.then(forget, forget);
    return next;
  }

  /** Resolves when the tasks so far are over, however they ended; false where there was none. */
  async over(key: K): Promise<boolean> {
    const tail = this.tails.get(key);
    await Promise.allSettled([tail]);
    return tail !== undefined;
  }
}
