import type { HttpRequest } from '../transport/http';

/** A request without an answer holds up the one behind it no longer than this. */
const longestMs = 2_000;

/**
 * Requests that change the locks of one server, each sent after the answer to the one before it. Some servers lose a
 * lock that they grant while they refresh or release another, or keep one that they have just released: mod_dav_fs has
 * all locks in one file and, in the releases of its branch 2.4, does not keep its threads from writing it at once.
 */
export class LockChanges {
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly ms = longestMs) {}

  /** Rejects as `send` does. */
  async inTurn<T>(send: () => Promise<T>): Promise<T> {
    const before = this.last;
    let isOver: () => void = () => undefined;
    this.last = new Promise((resolve) => (isOver = resolve));
    await before;
    const timer = setTimeout(isOver, this.ms);
    try {
      return await send();
    } finally {
      clearTimeout(timer);
      isOver();
    }
  }
}

/** DELETE and MOVE end the locks of what they are sent for (RFC 4918 sections 7.6 and 9.6). */
export function changesLocks({ method, headers }: HttpRequest): boolean {
  if (method === 'LOCK' || method === 'UNLOCK') return true;
  return (method === 'DELETE' || method === 'MOVE') && headers?.['if'] !== undefined;
}
