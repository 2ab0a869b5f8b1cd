import type { RemoteFailure } from '../model/failure';
import type { ResourceId } from '../model/resource';
import type { Wait } from './waits';
import type { WaitPace, Prospect } from './waitPolicy';

/** A wait and its progress. */
export interface WaitEntry {
  wait: Wait;
  pace: WaitPace;
  /** Next poll, monotonic. */
  due: number;
  /** The server's usual answer time in milliseconds, once it has answered. */
  answerMs: number | undefined;
  /** Consecutive answers that said nothing, or refused. */
  failures: number;
  /** Failed attempts in total, and the consecutive ones where it is unknown whether waiting helps. */
  failedAttempts: number;
  doubtfulFailures: number;
  /** Consecutive polls that failed as every save would, and the time of the first, monotonic. */
  hopelessPolls: { readonly looks: number; readonly since: number };
  /** Why the last poll or attempt failed. */
  failure: RemoteFailure | undefined;
  /** The facts for a diagnosis have been requested. */
  factsRequested: boolean;
  /** No new attempt before this, monotonic: after a failure, a free lock alone is no reason to hurry. */
  noAttemptBefore: number;
  /** In the current attempt, the document's own text has reached the server. */
  hasLanded: boolean;
}

/** A new wait, with its first poll due. */
export function waitEntry(
  resource: ResourceId,
  { since, until }: Pick<Wait, 'since' | 'until'>,
  { pace, trouble }: Prospect,
): WaitEntry {
  return {
    wait: { resource, since, until, phase: 'waiting', trouble },
    pace,
    due: since.mono,
    answerMs: undefined,
    failures: 0,
    failedAttempts: 0,
    doubtfulFailures: 0,
    hopelessPolls: { looks: 0, since: 0 },
    failure: undefined,
    factsRequested: false,
    noAttemptBefore: since.mono,
    hasLanded: false,
  };
}
