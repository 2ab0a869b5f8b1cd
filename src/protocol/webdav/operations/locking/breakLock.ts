import { isFailure, RemoteFailure } from '../../../../core/model/failure';
import type { LockToBreak } from '../../../../core/model/ports';
import { urlOf } from '../../../../core/model/resource';
import { Secret } from '../../../../core/model/secret';
import type { WebdavClient } from '../../client';
import type { RawResponse } from '../../reading/raw';
import { isSendable, lockIdOf } from '../../reading/token';
import { propfindOne } from '../propfind';
import { unlock } from './unlock';

/**
 * Breaks another user's lock with the token that the server lists, on the user's request (RFC 4918 section 6.5),
 * but never a lock that was taken after the user saw this one. Fails with `forbidden` if the server binds locks to
 * users, `unsupported` if it lists no token, and `serverFault` if the lock is still listed afterwards.
 */
export async function breakLock(
  client: WebdavClient,
  { resource, id, root, depth }: LockToBreak,
): Promise<{ readonly wasHeld: boolean }> {
  const { raw } = await propfindOne(client, { resource, depth: '0', url: urlOf(resource) });
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
  const ways = waysToBreak(client, raw);
  for (const [at, headers] of ways.entries()) {
    try {
      return await unlock(client, lease, { headers });
    } catch (error) {
      // Some servers answer 423 to a valid token from the wrong user.
      const refused = isFailure(error, 'locked') ? error.as('forbidden') : error;
      if (!isFailure(refused, 'forbidden') || at === ways.length - 1) throw refused;
    }
  }
  throw new RemoteFailure('unsupported', { resource, method: 'UNLOCK' });
}

/** The headers that ask for it, in order, by what the server says of its locks; the token alone where it says nothing. */
function waysToBreak(client: WebdavClient, { props }: RawResponse): readonly Record<string, string>[] {
  // Where locks are bound to users, Subversion breaks them only for who says that this is meant.
  if (client.holders.tells) return [{ 'x-svn-options': 'lock-break' }];
  const { lock, 'lock-owner-type': type = '0' } = props.nextcloud ?? {};
  if (lock !== '1' && lock !== 'true') return [{}];
  // Lets the account that holds a lock end it from anywhere, and the owner of the file. A token may do for others.
  const byAccount = { 'x-user-lock': '1', 'x-user-lock-type': /^[012]$/.test(type) ? type : '0' };
  return [byAccount, {}];
}
