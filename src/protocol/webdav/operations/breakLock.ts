import { isFailure, RemoteFailure } from '../../../core/model/failure';
import type { CallOptions, LockToBreak } from '../../../core/model/ports';
import { urlOf } from '../../../core/model/resource';
import { Secret } from '../../../core/model/secret';
import type { WebdavClient } from '../client';
import { isSendable, lockIdOf } from '../token';
import { one } from './propfind';
import { unlock } from './unlock';

/**
 * Ends somebody else's lock with the token that the server lists, on a person's word (RFC 4918 section 6.5 allows it
 * under user guidance). Only the lock that the person was shown is ended: one that was taken since is left alone.
 * Fails with `forbidden` where the server binds locks to their users, `unsupported` where it lists no token, and
 * `serverFault` where the lock still stands afterwards.
 */
export async function breakLock(
  client: WebdavClient,
  { resource, id, root, depth }: LockToBreak,
  options: CallOptions = {},
): Promise<{ readonly wasHeld: boolean }> {
  const { raw } = await one(client, { resource, depth: '0', url: urlOf(resource) }, options);
  const listed = raw.props.locks ?? [];
  const told = listed.flatMap(({ token }) => token ?? []);
  const token = told.find((text) => lockIdOf(text) === id);
  if (token === undefined) {
    if (listed.length === 0 || (id !== undefined && told.length > 0)) return { wasHeld: false };
    throw new RemoteFailure('unsupported', { resource, method: 'UNLOCK', code: 'NO_TOKEN_LISTED' });
  }
  if (!isSendable(token)) throw new RemoteFailure('badAnswer', { resource, method: 'UNLOCK' });
  const borrowed = {
    // Where it sits. Any address within its reach is as good (section 9.11), but not every server knows that.
    resource: root ?? resource,
    token: new Secret(token),
    id: lockIdOf(token),
    scope: 'exclusive',
    depth,
    expiry: { kind: 'unknown' },
    since: client.now(),
  } as const;
  try {
    return await unlock(client, borrowed, options);
  } catch (error) {
    // Some servers answer "locked" to the right token in the wrong hands.
    if (isFailure(error, 'locked')) throw error.as('forbidden');
    throw error;
  }
}
