import { isFailure } from '../../../../core/model/failure';
import type { Lease } from '../../../../core/model/lease';
import type { Expiry, LockDepth, Stamp } from '../../../../core/model/lock';
import type { ResourceId } from '../../../../core/model/resource';
import { Secret } from '../../../../core/model/secret';
import type { HttpAnswer, HttpRequest } from '../../../transport/http';
import { readDav } from '../../reading/readDav';
import type { RawLock } from '../../reading/raw';
import { grantedMs, later } from '../../reading/timeout';
import { lockIdOf } from '../../reading/token';

/** The activelocks in a successful LOCK response. Undefined if its body is unreadable. */
export async function locksIn(answer: HttpAnswer, request: HttpRequest): Promise<RawLock[] | undefined> {
  const locks: RawLock[] = [];
  try {
    await readDav(answer, request, ({ props }) => locks.push(...(props.locks ?? [])));
    return locks;
  } catch (error) {
    // We may still have got the lock, so a bad body must not discard the headers.
    if (isFailure(error, 'badAnswer', 'interrupted', 'timeout', 'canceled')) return undefined;
    throw error;
  }
}

export interface Grant {
  readonly resource: ResourceId;
  readonly token: string;
  /** Requested seconds. */
  readonly seconds: number;
  /** As sent by the server. */
  readonly timeout: string | undefined;
  readonly since: Stamp;
  readonly depth?: LockDepth;
}

export function leaseOf({ resource, token, seconds, timeout, since, depth = 'self' }: Grant): Lease {
  const granted = grantedMs(timeout, seconds);
  return {
    resource,
    token: new Secret(token),
    id: lockIdOf(token),
    scope: 'exclusive',
    depth,
    ...expiryFrom(granted, since),
    since,
  };
}

/** The lease after a refresh. */
export function refreshedLease(lease: Lease, grant: Omit<Grant, 'resource' | 'token' | 'depth'>): Lease {
  const { resource, token, id, scope, depth, mark } = lease;
  const kept = { resource, token, id, scope, depth, ...(mark !== undefined && { mark }) };
  return { ...kept, ...expiryFrom(grantedMs(grant.timeout, grant.seconds), grant.since), since: grant.since };
}

function expiryFrom(ms: number | undefined, since: Stamp): { expiry: Expiry; grantedMs?: number } {
  if (ms === undefined) return { expiry: { kind: 'unknown' } };
  if (ms === Infinity) return { expiry: { kind: 'never' } };
  return { expiry: { kind: 'at', at: later(since, ms) }, grantedMs: ms };
}
