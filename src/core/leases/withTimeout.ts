import type { Clock } from '../model/ports';

/** Waits for `done`, but at most `ms` milliseconds. Rejects only if `done` rejects in time. */
export async function withTimeout(clock: Clock, ms: number, done: Promise<unknown>): Promise<void> {
  await inTime(clock, ms, done, () => undefined);
}

/** Like {@link withTimeout}, but rejects with the sentence if `done` takes longer. */
export function withinTime<T>(clock: Clock, ms: number, done: PromiseLike<T>, sentence: string): Promise<T> {
  return inTime(clock, ms, done, () => {
    throw new Error(sentence);
  });
}

async function inTime<T, U>(clock: Clock, ms: number, done: PromiseLike<T>, late: () => U): Promise<T | U> {
  let expire: () => void = () => undefined;
  const timeout = new Promise<void>((resolve) => (expire = resolve)).then(late);
  const timer = clock.after(ms, expire);
  try {
    return await Promise.race([done, timeout]);
  } finally {
    timer.dispose();
  }
}
