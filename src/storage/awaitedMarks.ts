import type { Disposable } from '../base/disposable';
import type { AwaitedMark, UnconfirmedLocks } from '../core/leases/unconfirmedLocks';
import type { Clock } from '../core/model/ports';
import type { KeyValueStore } from './keyValueStore';

/** As kept, a mark counts until a time in Unix milliseconds. */
const key = 'awaitedLocks';

/**
 * Keeps across a crash which LOCK requests had no response: their locks are found again by their marks, where the next
 * window is refused by one. Only what has a mark can be; a mark is no token and gives nobody the right to write.
 */
export function keepAwaitedMarks(
  memento: KeyValueStore,
  unconfirmed: UnconfirmedLocks,
  clock: Pick<Clock, 'now'>,
): Disposable {
  const start = clock.now();
  const kept = memento.get<readonly AwaitedMark[]>(key, []);
  const live = kept
    .filter(({ until }) => until > start.wall)
    .map((mark) => ({ ...mark, until: start.mono + mark.until - start.wall }));
  unconfirmed.restore(live, start);
  let isEmpty = kept.length === 0;
  return unconfirmed.onDidChange(() => {
    const { mono, wall } = clock.now();
    const marks = unconfirmed.awaited().map((mark) => ({ ...mark, until: wall + mark.until - mono }));
    if (isEmpty && marks.length === 0) return;
    isEmpty = marks.length === 0;
    void memento.update(key, marks);
  });
}
