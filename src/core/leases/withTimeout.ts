import type { Clock } from '../model/ports';

/** Waits for it, but no longer than so many milliseconds. What it comes to is its own matter, unless it rejects in time. */
export async function withTimeout(clock: Clock, ms: number, done: Promise<unknown>): Promise<void> {
  let over: () => void = () => undefined;
  const patience = new Promise<void>((resolve) => (over = resolve));
  const timer = clock.after(ms, over);
  try {
    await Promise.race([done, patience]);
  } finally {
    timer.dispose();
  }
}
