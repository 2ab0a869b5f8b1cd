import type { RemoteFailure } from '../model/failure';
import type { ResourceId } from '../model/resource';
import type { Wait } from './waits';
import type { WaitPace, Prospect } from './waitPolicy';

/** A wait, and how it went so far. */
export interface WaitEntry {
  wait: Wait;
  pace: WaitPace;
  /** Next look, monotonic. */
  due: number;
  /** Answers in a row that said nothing, or refused. */
  failures: number;
  /** Tries that failed, in all, and those in a row of which nobody knows whether time will help. */
  tries: number;
  doubts: number;
  /** Looks in a row that failed as every save would, and when the first of them did, monotonic. */
  hopeless: { readonly looks: number; readonly since: number };
  /** Why the last look or try failed. */
  failure: RemoteFailure | undefined;
  /** What a diagnosis rests on has been asked for. */
  inquired: boolean;
  /** No new try before this, monotonic: after one that failed, good news alone is no reason to hurry. */
  calmUntil: number;
  /** The save under way has reached the server. */
  landed: boolean;
}

/** A wait that begins: its first look is due. */
export function waitEntry(
  resource: ResourceId,
  { since, until }: Pick<Wait, 'since' | 'until'>,
  { pace, trouble }: Prospect,
): WaitEntry {
  return {
    wait: { resource, since, until, phase: 'waiting', trouble },
    pace,
    due: since.mono,
    failures: 0,
    tries: 0,
    doubts: 0,
    hopeless: { looks: 0, since: 0 },
    failure: undefined,
    inquired: false,
    calmUntil: since.mono,
    landed: false,
  };
}
