import type { Stamp } from '../../core/model/lock';
import type { HolderReader } from './holder';
import type { HrefReader } from './href';
import type { Identity } from './identity';
import type { Memo } from './memo';
import type { ExpiryReader } from './timeout';

/** Reads dates: Unix milliseconds, undefined for what is none. */
export type Dates = Memo<string, number | undefined>;

/** What entries and their locks are read against. */
export interface LockContext {
  readonly identity: Identity;
  readonly hrefs: HrefReader;
  readonly holders: HolderReader;
  readonly expiries: ExpiryReader;
  readonly created: Dates;
  readonly modified: Dates;
  /** When the listing was asked for. */
  readonly asked: Stamp;
  /** The server's own clock minus ours, Unix milliseconds; 0 where unknown. */
  readonly skewMs: number;
  /** The server keeps everybody from the members of a collection whose own lock is of depth 0. */
  readonly folderLocksHold: boolean;
}
