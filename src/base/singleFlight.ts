/** Runs one task per key at a time; callers that arrive meanwhile share its promise. */
export class SingleFlight<K, T> {
  private readonly inFlight = new Map<K, Promise<T>>();

  run(key: K, task: () => Promise<T>): Promise<T> {
    const running = this.inFlight.get(key);
    if (running) return running;
    const promise = task().finally(() => this.inFlight.delete(key));
    this.inFlight.set(key, promise);
    return promise;
  }

  isRunning(key: K): boolean {
    return this.inFlight.has(key);
  }
}

/** Runs tasks with the same key one after the other, in order; a failed task does not stop the queue. */
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

  /** Resolves when all tasks queued so far have settled; false if there were none. */
  async settled(key: K): Promise<boolean> {
    const tail = this.tails.get(key);
    await Promise.allSettled([tail]);
    return tail !== undefined;
  }
}
