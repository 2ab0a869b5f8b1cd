/** A server family's ways. `undefined`: not known, so that it is found out or guarded against. */
export interface Profile {
  readonly name: string;
  /** The methods whose If header must be untagged; the others are tagged (RFC 4918 section 10.4). */
  readonly untagged: readonly string[];
  /** Refuses a write whose If-Match or If-None-Match does not hold. */
  readonly honoursIfMatch: boolean | undefined;
  /** Refuses a write whose If names no lock that stands, also where the file is free. */
  readonly refusesDeadLocks?: boolean;
  /** A 200 to a refresh that shows our token proves that the lock stands; else it may be an echo. */
  readonly refreshProves: boolean;
  /** A 204 to an UNLOCK proves that the lock is gone. */
  readonly unlockProves: boolean;
  /** Always shows a lock's full time, and does end it when that is over: one that stands longer is being refreshed. */
  readonly endsUnseen?: boolean;
  /** Has been seen to list its locks. */
  readonly listsLocks: boolean | undefined;
  /** Holds the members of a collection to the collection's own lock of depth 0, against RFC 4918 section 7.4. */
  readonly folderLocksHold?: boolean;
  /** Has the properties of files_lock. */
  readonly nextcloud?: boolean;
}
