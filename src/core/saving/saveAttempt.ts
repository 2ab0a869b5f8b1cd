import { RemoteFailure } from '../model/failure';
import type { Precondition, PendingWrite } from './writePreconditions';
import type { Lease } from '../model/lease';
import type { RemoteEntry } from '../model/ports';
import type { ResourceId } from '../model/resource';
import type { PendingStat } from '../polling/pendingRequests';
import type { RemoteStat } from '../polling/remoteStat';
import type { RetryStep } from './saveDecision';

export interface SaveMode {
  /** Fail if the file exists already. */
  readonly mustBeNew: boolean;
  /** Whether a file that nobody has read here may be replaced: yes for "Save As" after VS Code asked. */
  readonly mayReplaceUnseen: boolean;
  /** Receives the number of bytes sent so far. */
  readonly onSent?: (bytes: number) => void;
}

/** A look that may have been sent right behind a write. */
export interface PipelinedLook {
  readonly pending: PendingStat;
  /** Whether a successful write leaves something by which the look can be judged. */
  readonly canProve: boolean;
  entry?: Promise<RemoteEntry | undefined>;
}

/** A save under way. */
export interface Attempt extends PendingWrite {
  readonly mode: SaveMode;
  readonly startedAt: number;
  readonly tried: Set<RetryStep>;
  precondition: Precondition;
  pauses: number;
  /** Our locks when the precondition was checked; undefined if that was too long ago. */
  heldWhenChecked: readonly Lease[] | undefined;
  /** Send the next write without a condition: the server did not understand it. */
  unconditional: boolean;
  /** Whether a lock for this save was asked for. */
  lockTried: boolean;
  /** What a look has shown under the lock that was taken last, until it is checked. */
  seenLocking: RemoteStat | undefined;
  /** Whether locking the free name has made an empty file of it. */
  madeName: boolean;
  /** If-Match of the last write. */
  sentIfMatch: string | undefined;
  /** The look behind the write that is under way. */
  look: PipelinedLook | undefined;
}

/** Wraps an unexpected error, met while a response was read. */
export function unexpected(resource: ResourceId, cause: unknown): RemoteFailure {
  return new RemoteFailure('badAnswer', { resource, method: 'PUT', maybeDone: true, cause });
}
