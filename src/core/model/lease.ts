import type { Expiry, LockDepth, LockId, LockScope, Stamp } from './lock';
import type { ResourceId } from './resource';
import type { Secret } from './secret';

/** A lock that we hold: the right to write until it expires, is released, broken or dropped by the server. */
export interface Lease {
  readonly resource: ResourceId;
  /** Allows writing. Must never appear in logs, tooltips or reports. */
  readonly token: Secret;
  readonly id: LockId;
  readonly scope: LockScope;
  readonly depth: LockDepth;
  readonly expiry: Expiry;
  /** The granted timeout in milliseconds, from the request's start; undefined if infinite or not reported. */
  readonly grantedMs?: number;
  /** Random, in the owner text of this lock and of no other: finds the lock in a listing without tokens. */
  readonly mark?: string;
  /** When the request that took or last refreshed it was sent. */
  readonly since: Stamp;
}

/** Why a lease is held; it is released when no claim is left. `hand` lasts until the user releases it. */
export type Claim = 'edit' | 'hand' | 'wait' | 'save';
