import { RemoteFailure } from '../model/failure';
import type { Precondition, PendingWrite } from './writePreconditions';
import type { Lease } from '../model/lease';
import type { ResourceId } from '../model/resource';
import type { RetryStep } from './saveDecision';

export interface SaveMode {
  /** Fail if something is there already. */
  readonly mustBeNew: boolean;
  /** Whether a file that nobody has read here may be replaced: yes for "Save As" after VS Code asked. */
  readonly mayReplaceUnseen: boolean;
  /** Told how many bytes the connection has taken so far. */
  readonly onSent?: (bytes: number) => void;
}

/** A save under way. */
export interface Attempt extends PendingWrite {
  readonly mode: SaveMode;
  readonly startedAt: number;
  readonly tried: Set<RetryStep>;
  precondition: Precondition;
  pauses: number;
  /** The locks under which the ground was looked at; undefined where that was too long ago. */
  under: readonly Lease[] | undefined;
  /** The next write goes without a condition: the server did not understand it. */
  unbound: boolean;
  /** If-Match of the last write. */
  boundTo: string | undefined;
}

/** What nobody foresaw, met while an answer was read. */
export function unexpected(resource: ResourceId, cause: unknown): RemoteFailure {
  return new RemoteFailure('badAnswer', { resource, method: 'PUT', maybeDone: true, cause });
}
