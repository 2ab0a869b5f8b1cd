import { performance } from 'node:perf_hooks';
import type { Clock } from '../core/model/ports';

/** The machine's clock and timers. */
export const systemClock: Clock = {
  now: () => ({ mono: performance.now(), wall: Date.now() }),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return { dispose: () => clearTimeout(timer) };
  },
  random: Math.random,
};
