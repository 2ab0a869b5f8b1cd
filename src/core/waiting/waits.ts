import type { Event } from '../../base/emitter';
import type { Stamp } from '../model/lock';
import type { ResourceId } from '../model/resource';

/**
 * Where a wait stands. `waiting`: polling; `saving`: the lock is ours and the newest text is on its way;
 * `conflict`: the server's content changed meanwhile, so the person decides.
 */
export type WaitPhase = 'waiting' | 'saving' | 'conflict';

/**
 * Why a wait may last: the lock was taken `byHand` and has no end, it has `expired` and stands all the same, or a
 * program holds the file for longer than programs should (`lasting`).
 */
export type WaitTrouble = 'byHand' | 'expired' | 'lasting';

export interface Wait {
  readonly resource: ResourceId;
  readonly since: Stamp;
  /** When it gives up, on the monotonic clock. */
  readonly until: number;
  readonly phase: WaitPhase;
  readonly trouble?: WaitTrouble | undefined;
}

/**
 * How a wait came to its end. `gaveUp`: its time was over; `failed`: to wait on would not help. Both with the failure
 * of the last try, where there was one.
 */
export type WaitEnd = 'saved' | 'stopped' | 'gaveUp' | 'closed' | 'failed';

export interface Waits {
  /** Newest first. */
  all(): readonly Wait[];
  of(resource: ResourceId): Wait | undefined;
  readonly onDidChange: Event<readonly ResourceId[]>;
  readonly onDidEnd: Event<{
    readonly resource: ResourceId;
    readonly end: WaitEnd;
    readonly error?: unknown;
  }>;
}
