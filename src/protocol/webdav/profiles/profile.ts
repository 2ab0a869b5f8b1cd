/** How a server family behaves. `undefined` means unknown: the behavior is detected at runtime or not relied on. */
export interface Profile {
  readonly name: string;
  /** Methods that need an untagged If header; the others use tagged lists (RFC 4918 section 10.4). */
  readonly untagged: readonly string[];
  /** Refuses a write whose If-Match or If-None-Match condition fails. */
  readonly honorsIfMatch: boolean | undefined;
  /** Refuses a LOCK whose If-Match condition fails, so that it creates no file (RFC 4918 section 7.3). */
  readonly checksLockCondition?: boolean;
  /** Refuses a write whose If header contains only tokens of lost locks, even if the file is not locked. */
  readonly refusesLostLocks?: boolean;
  /** A 200 to a refresh with our token in the body proves that the lock is held. Otherwise it may be an echo. */
  readonly refreshProves: boolean;
  /** A 204 to an UNLOCK proves that the lock is released. */
  readonly unlockProves: boolean;
  /** Always reports a lock's full timeout and enforces it: a lock held for longer is being refreshed. */
  readonly enforcesFullTimeout?: boolean;
  /** Known to list its locks. */
  readonly listsLocks: boolean | undefined;
  /** Applies a collection's depth-0 lock to all its members, against RFC 4918 section 7.4. */
  readonly folderLocksCoverMembers?: boolean;
}
