import type { Disposable } from '../../../src/base/disposable';
import type { Clock } from '../../../src/core/model/ports';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that passes only when a test says so, with the promises that a timer sets going run to their end. */
export class FakeClock implements Clock {
  private readonly timers = new Set<Timer>();
  private mono = 1_000_000;
  /** Wall time minus monotonic time: somebody may set the clock on the wall. */
  wallOffset = 1_700_000_000_000;
  /** What {@link random} gives. */
  chance = 0.5;

  now(): { mono: number; wall: number } {
    return { mono: this.mono, wall: this.mono + this.wallOffset };
  }

  after(ms: number, run: () => void): Disposable {
    if (!(ms >= 0) || ms > 2 ** 31 - 1) throw new RangeError(`No timer can count ${ms} ms`);
    const timer = { at: this.mono + ms, run };
    this.timers.add(timer);
    return { dispose: () => void this.timers.delete(timer) };
  }

  random(): number {
    return this.chance;
  }

  /** Timers that would still call. */
  get pending(): number {
    return this.timers.size;
  }

  /** Milliseconds until the next timer. */
  get next(): number | undefined {
    const dues = [...this.timers].map(({ at }) => at - this.mono);
    return dues.length === 0 ? undefined : Math.max(0, Math.min(...dues));
  }

  /** Lets so much time pass; timers call in their order, each followed by all that it sets going. */
  async pass(ms: number): Promise<void> {
    const until = this.mono + ms;
    await settle();
    for (let timer = this.dueBy(until); timer; timer = this.dueBy(until)) {
      this.mono = Math.max(this.mono, timer.at);
      this.timers.delete(timer);
      timer.run();
      await settle();
    }
    this.mono = until;
  }

  /** The machine slept: no timer ran meanwhile, and what is overdue runs now. */
  async sleep(ms: number): Promise<void> {
    this.mono += ms;
    await this.pass(0);
  }

  private dueBy(until: number): Timer | undefined {
    return [...this.timers].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
  }
}

/** Runs everything that waits for nothing but other promises. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
