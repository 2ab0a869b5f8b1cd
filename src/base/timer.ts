import type { Disposable } from './disposable';

/** What counts the time, such as the core's clock. */
export interface TimeSource {
  after(ms: number, run: () => void): Disposable;
}

/** At most one call that is to come; none once it is disposed. */
export class Timer implements Disposable {
  private pending: Disposable | undefined;
  private ended = false;

  constructor(private readonly time: TimeSource) {}

  get isSet(): boolean {
    return this.pending !== undefined;
  }

  /** In place of the call that was to come. */
  set(ms: number, run: () => void): void {
    this.clear();
    if (this.ended) return;
    this.pending = this.time.after(ms, () => {
      this.pending = undefined;
      run();
    });
  }

  /** Unless a call is to come already: one for a burst. */
  setOnce(ms: number, run: () => void): void {
    if (!this.isSet) this.set(ms, run);
  }

  clear(): void {
    this.pending?.dispose();
    this.pending = undefined;
  }

  dispose(): void {
    this.ended = true;
    this.clear();
  }
}

export function pause(time: TimeSource, ms: number): Promise<void> {
  return new Promise((resolve) => void time.after(ms, resolve));
}
