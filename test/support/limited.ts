import { availableParallelism } from 'node:os';

/** Runs each task once it is its turn. */
export type Limited = <T>(task: () => Promise<T>) => Promise<T>;

/** Lets at most so many tasks run side by side; the others wait, and start in the order in which they came. */
export function limited(most: number): Limited {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running < most) running += 1;
    else await new Promise<void>((start) => waiting.push(start));
    try {
      return await task();
    } finally {
      // The place is handed on, so that nobody who comes meanwhile can take it.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** The processors that this process may use. */
export const cores = availableParallelism();
