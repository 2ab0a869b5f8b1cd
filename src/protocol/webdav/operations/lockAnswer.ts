import { isFailure } from '../../../core/model/failure';
import type { Lease } from '../../../core/model/lease';
import type { Expiry, Stamp } from '../../../core/model/lock';
import type { ResourceId } from '../../../core/model/resource';
import { Secret } from '../../../core/model/secret';
import type { HttpAnswer, HttpRequest } from '../../transport/http';
import { readDav } from '../multistatus';
import type { RawLock } from '../raw';
import { grantedMs, later } from '../timeout';
import { lockIdOf } from '../token';

/** The activelocks that a LOCK's success shows; undefined where its body cannot be read. */
export async function locksIn(answer: HttpAnswer, request: HttpRequest): Promise<RawLock[] | undefined> {
  const locks: RawLock[] = [];
  try {
    await readDav(answer, request, ({ props }) => locks.push(...(props.locks ?? [])));
    return locks;
  } catch (error) {
    // The lock may be ours all the same: what the headers tell must not be lost with the body.
    if (isFailure(error, 'badAnswer', 'interrupted', 'timeout', 'cancelled')) return undefined;
    throw error;
  }
}

export interface Grant {
  readonly resource: ResourceId;
  readonly token: string;
  /** Seconds that were asked for. */
  readonly seconds: number;
  /** As the server writes it. */
  readonly timeout: string | undefined;
  readonly since: Stamp;
}

export function leaseOf({ resource, token, seconds, timeout, since }: Grant): Lease {
  const granted = grantedMs(timeout, seconds);
  return {
    resource,
    token: new Secret(token),
    id: lockIdOf(token),
    scope: 'exclusive',
    depth: 'self',
    ...granting(granted, since),
    since,
  };
}

/** The same lease after a refresh. */
export function renewed(lease: Lease, grant: Omit<Grant, 'resource' | 'token'>): Lease {
  const { resource, token, id, scope, depth } = lease;
  const granted = granting(grantedMs(grant.timeout, grant.seconds), grant.since);
  return { resource, token, id, scope, depth, ...granted, since: grant.since };
}

function granting(ms: number | undefined, since: Stamp): { expiry: Expiry; grantedMs?: number } {
  if (ms === undefined) return { expiry: { kind: 'unknown' } };
  if (ms === Infinity) return { expiry: { kind: 'never' } };
  return { expiry: { kind: 'at', at: later(since, ms) }, grantedMs: ms };
}
