import type { Expiry, LockDepth, LockId, LockScope, Stamp } from './lock';
import type { ResourceId } from './resource';
import type { Secret } from './secret';

/** A lock that we hold: the right to write until it ends, is released, broken or forgotten by the server. */
export interface Lease {
  readonly resource: ResourceId;
  /** Lets the holder write. Never in logs, tooltips or reports. */
  readonly token: Secret;
  readonly id: LockId;
  readonly scope: LockScope;
  readonly depth: LockDepth;
  readonly expiry: Expiry;
  /** The granted time in milliseconds from the request's start; undefined where unlimited or not told. */
  readonly grantedMs?: number;
  /** When the request that took or last refreshed it was sent. */
  readonly since: Stamp;
}

/** Why somebody wants a lease kept; it is let go when no reason is left. `hand` stays until released by hand. */
export type Claim = 'edit' | 'hand' | 'wait' | 'save';
