import type { Disposable } from '../../../src/base/disposable';
import { FakeClock, settle } from '../../support/core/fakeClock';

interface Timer {
  readonly at: number;
  run: (() => void) | undefined;
}

/** A fake clock for many thousands of timers, with chance that is the same in each run. */
export class HeapClock extends FakeClock {
  private readonly heap: Timer[] = [];
  private time = 1_000_000;
  private seed: number;

  constructor(seed = 1) {
    super();
    this.seed = seed;
  }

  override now(): { mono: number; wall: number } {
    return { mono: this.time, wall: this.time + this.wallOffset };
  }

  override after(ms: number, run: () => void): Disposable {
    const timer: Timer = { at: this.time + ms, run };
    this.push(timer);
    return { dispose: () => (timer.run = undefined) };
  }

  /** mulberry32: small, and good enough to spread timers. */
  override random(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  override async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    for (let next = this.heap[0]; next && next.at <= until; next = this.heap[0]) {
      this.pop();
      this.time = Math.max(this.time, next.at);
      if (!next.run) continue;
      next.run();
      await settle();
    }
    this.time = until;
  }

  private push(timer: Timer): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (!parent || parent.at <= timer.at) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = timer;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const [left, right] = [heap[below], heap[below + 1]];
      if (left && right && right.at < left.at) below += 1;
      const child = heap[below];
      if (!child || child.at >= last.at) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}
