import type { Clock } from '../model/ports';

/** Waits for `done`, but at most `ms` milliseconds. Rejects only if `done` rejects in time. */
export async function withTimeout(clock: Clock, ms: number, done: Promise<unknown>): Promise<void> {
  let expire: () => void = () => undefined;
  const timeout = new Promise<void>((resolve) => (expire = resolve));
  const timer = clock.after(ms, expire);
  try {
    await Promise.race([done, timeout]);
  } finally {
    timer.dispose();
  }
}
