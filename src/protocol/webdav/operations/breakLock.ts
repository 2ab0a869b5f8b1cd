import { isFailure, RemoteFailure } from '../../../core/model/failure';
import type { CallOptions, LockToBreak } from '../../../core/model/ports';
import { urlOf } from '../../../core/model/resource';
import { Secret } from '../../../core/model/secret';
import type { WebdavClient } from '../client';
import { isSendable, lockIdOf } from '../token';
import { propfindOne } from './propfind';
import { unlock } from './unlock';

/** Where locks are bound to users, Subversion breaks them only for who says that this is meant. */
const breaking = { headers: { 'x-svn-options': 'lock-break' } };

/**
 * Breaks another user's lock with the token that the server lists, on the user's request (RFC 4918 section 6.5),
 * but never a lock that was taken after the user saw this one. Fails with `forbidden` if the server binds locks to
 * users, `unsupported` if it lists no token, and `serverFault` if the lock is still listed afterwards.
 */
export async function breakLock(
  client: WebdavClient,
  { resource, id, root, depth }: LockToBreak,
  options: CallOptions = {},
): Promise<{ readonly wasHeld: boolean }> {
  const { raw } = await propfindOne(client, { resource, depth: '0', url: urlOf(resource) }, options);
  const listed = raw.props.locks ?? [];
  const tokens = listed.flatMap(({ token }) => token ?? []);
  const token = tokens.find((text) => lockIdOf(text) === id);
  if (token === undefined) {
    if (listed.length === 0 || (id !== undefined && tokens.length > 0)) return { wasHeld: false };
    throw new RemoteFailure('unsupported', { resource, method: 'UNLOCK', code: 'NO_TOKEN_LISTED' });
  }
  if (!isSendable(token)) throw new RemoteFailure('badAnswer', { resource, method: 'UNLOCK' });
  const lease = {
    // The lock root. Any resource in the lock's scope should work (section 9.11), but not on every server.
    resource: root ?? resource,
    token: new Secret(token),
    id: lockIdOf(token),
    scope: 'exclusive',
    depth,
    expiry: { kind: 'unknown' },
    since: client.now(),
  } as const;
  try {
    return await unlock(client, lease, { ...options, ...(client.holders.tells && breaking) });
  } catch (error) {
    // Some servers answer 423 to a valid token from the wrong user.
    if (isFailure(error, 'locked')) throw error.as('forbidden');
    throw error;
  }
}
