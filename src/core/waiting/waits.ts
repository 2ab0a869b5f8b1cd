import type { Event } from '../../base/emitter';
import type { Stamp } from '../model/lock';
import type { ResourceId } from '../model/resource';

/**
 * `waiting`: polling; `saving`: we hold the lock and the newest text is being saved; `conflict`: the server's content
 * changed meanwhile, so the user decides.
 */
export type WaitPhase = 'waiting' | 'saving' | 'conflict';

/**
 * Why a wait may take long: the lock was taken `byHand` and has no end, it has `expired` but is still enforced, or a
 * program holds it unusually long (`lasting`).
 */
export type WaitTrouble = 'byHand' | 'expired' | 'lasting';

export interface Wait {
  readonly resource: ResourceId;
  readonly since: Stamp;
  /** When the wait gives up, on the monotonic clock. */
  readonly until: number;
  readonly phase: WaitPhase;
  readonly trouble?: WaitTrouble | undefined;
}

/**
 * How a wait ended. `gaveUp`: its time was over; `failed`: waiting longer would not help. Both come with the failure
 * of the last attempt, if there was one.
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
