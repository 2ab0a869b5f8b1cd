import type { Stamp } from '../../../core/model/lock';
import type { HolderReader } from './holder';
import type { HrefReader } from './href';
import type { Identity } from '../identity';
import type { Memo } from './memo';
import type { ExpiryReader } from './timeout';

/** Parses dates to Unix milliseconds, undefined if invalid. */
export type Dates = Memo<string, number | undefined>;

/** The context for reading the entries and locks of one response. */
export interface LockContext {
  readonly identity: Identity;
  readonly hrefs: HrefReader;
  readonly holders: HolderReader;
  readonly expiries: ExpiryReader;
  readonly created: Dates;
  readonly modified: Dates;
  /** When the request was sent. */
  readonly requestedAt: Stamp;
  /** The response's Date, Unix milliseconds. */
  readonly date: number | undefined;
  /** The server's clock minus ours in milliseconds, 0 if unknown. */
  readonly skewMs: number;
  /** The server applies a collection's depth-0 lock to its members. */
  readonly folderLocksCoverMembers: boolean;
}
