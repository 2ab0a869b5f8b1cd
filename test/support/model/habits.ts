// Everything in which servers have been seen to differ, each as a switch of one model.
import type { Habits } from '../core/modelServer';

export interface WireHabits extends Habits {
  /** Whose lock tokens a listing tells: everybody's, the reader's own, or nobody's (RFC 4918 section 15.8 allows that). */
  readonly tokens: 'all' | 'own' | 'none';
  /** What a listing makes of the owner. */
  readonly owners: 'kept' | 'escaped' | 'empty' | 'dropped';
  readonly reportedDepth: '0' | 'infinity';
  readonly lockroot: 'path' | 'absent' | 'relative';
  /** How the time of a lock is written down, whatever it is. */
  readonly timeouts: 'seconds' | 'fractions' | 'milliseconds' | 'constant' | 'far beyond' | 'none';
  /** Which If headers are understood. `dies`: an untagged one on a PUT ends the server. */
  readonly ifForms: 'both' | 'tagged' | 'untagged' | 'dies of untagged';
  /** What a write with the token of a lost lock is answered where nobody holds the file. */
  readonly lostTokens: 'refused' | 'ignored';
  /** The status of a write refused for a lock. */
  readonly refusal: 423 | 412 | 403;
  /** What a gateway makes of a refused or failed write. */
  readonly errors: 'plain' | 'html 200' | 'json 200' | 'json 200 with a tag';
  /** How a write that was done is answered. */
  readonly success: '204' | '201' | '200' | 'html 200' | 'json 200';
  /** Locks stay when their resource is deleted or moved, hidden under its old name. */
  readonly locksOutlive: boolean;
  /** Otherwise MOVE of a locked file is 412, whatever is sent along. */
  readonly movesLocked: boolean;
  /** What a LOCK of a missing name makes. */
  readonly lockOfMissing: 'file' | 'lock-null' | 'refused';
  /** Whether a LOCK with `If-Match: *` is refused where nothing is. */
  readonly checksLockCondition: boolean;
  /** A refresh with the token of a lost lock. */
  readonly refreshOfLost: 'refused' | 'echoed' | 'new lock';
  /** An UNLOCK of what is not there. */
  readonly unlockOfLost: 'refused' | 'accepted';
  /** A holder may write without the token. */
  readonly lockByUser: boolean;
  /** Something on the way keeps what a GET brought for a minute, unless it is told not to. */
  readonly cachesGet: boolean;
  /** Tags with letters beyond ASCII: UTF-8 in the listing, the same bytes in headers. */
  readonly foreignTags: boolean;
  /** Tags change with the lock. */
  readonly tagsTellLocks: boolean;
  /** What it calls itself, whether that is true or not. */
  readonly name: 'nobody' | 'Apache' | 'lighttpd' | 'nginx' | 'nephele' | 'rclone' | 'sabre';
  /**
   * What becomes of a request right behind another: it is never sent so; answered after the other is done, at the same
   * time as it or when it is half done; or the two answers come in the wrong order.
   */
  readonly pipelined?: 'never' | 'in order' | 'at once' | 'half done' | 'swapped';
}
