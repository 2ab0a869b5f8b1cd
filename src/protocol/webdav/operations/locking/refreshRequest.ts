import type { Lease } from '../../../../core/model/lease';
import { urlOf } from '../../../../core/model/resource';
import type { HttpRequest } from '../../../transport/http';
import type { WebdavClient } from '../../client';
import { parseLockToken, timeoutHeader } from '../../headers';
import { leaseOf, locksIn } from './lockAnswer';
import { unlock } from './unlock';

/** A LOCK request that refreshes a lock (RFC 4918 section 9.10.2), for a timeout in seconds. */
export function refreshRequest(lease: Lease, seconds: number): HttpRequest {
  return {
    method: 'LOCK',
    resource: lease.resource,
    url: urlOf(lease.resource, lease.depth === 'tree' ? 'collection' : 'file'),
    headers: {
      // The RFC says to ignore Depth here, but without it one server changes the lock to infinite depth.
      depth: lease.depth === 'tree' ? 'infinity' : '0',
      if: `(<${lease.token.reveal()}>)`,
      timeout: timeoutHeader(seconds),
    },
  };
}

const defaultMs = 180_000;

/**
 * Whether the server refreshes our lock and returns it: the best evidence where it lists no locks or hides their
 * tokens. Rejects only with a RemoteFailure from the connection.
 */
export async function isRefreshed(client: WebdavClient, lease: Lease): Promise<boolean> {
  const request = refreshRequest(lease, Math.ceil((lease.grantedMs ?? defaultMs) / 1000));
  const answer = await client.send(request);
  if (answer.status !== 200) {
    await answer.discard();
    return false;
  }
  const shown = await locksIn(answer, request);
  const token = parseLockToken(answer.headers['lock-token']);
  // One server answers the refresh of a lost lock with a new one, which nobody would ever release.
  if (token !== undefined && token !== lease.token.reveal() && shown?.some((raw) => raw.token === token))
    await unlock(client, leaseOf({ ...lease, token, seconds: 0, timeout: undefined }));
  return shown?.some(({ token }) => token === lease.token.reveal()) === true;
}
