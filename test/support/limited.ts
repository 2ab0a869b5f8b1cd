import { availableParallelism } from 'node:os';

/** The processors that this process may use. */
export const cores = availableParallelism();

/** Runs a task once there is room for it; it takes one place unless told. */
export type Limited = <T>(task: () => Promise<T>, places?: number) => Promise<T>;

/** Has so many places for tasks that run side by side; the others wait, and start in the order in which they came. */
export function limited(most: number): Limited {
  const waiting: { readonly places: number; readonly start: () => void }[] = [];
  let free = most;
  const startNext = (): void => {
    for (let next = waiting[0]; next && next.places <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.places;
      next.start();
    }
  };
  return async (task, wanted = 1) => {
    const places = Math.min(wanted, most);
    await new Promise<void>((start) => {
      waiting.push({ places, start });
      startNext();
    });
    try {
      return await task();
    } finally {
      free += places;
      startNext();
    }
  };
}
