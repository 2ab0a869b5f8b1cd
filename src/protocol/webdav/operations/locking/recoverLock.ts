import { isFailure, type RemoteFailure } from '../../../../core/model/failure';
import type { Lease } from '../../../../core/model/lease';
import type { Lock, Stamp } from '../../../../core/model/lock';
import type { LockRequest } from '../../../../core/model/ports';
import { isWithin, type ResourceId } from '../../../../core/model/resource';
import type { WebdavClient } from '../../client';
import { readOwner } from '../../reading/owner';
import { isSendable, lockIdOf } from '../../reading/token';
import { leaseOf } from './lockAnswer';
import type { ListedLocks } from './fetchLocks';
import { isUnlockableFolder } from './lockability';
import { refresh } from './refresh';

export interface UnansweredLock {
  readonly resource: ResourceId;
  readonly lockRequest: LockRequest;
  /** When the LOCK was sent. */
  readonly since: Stamp;
  /** What a look has shown since then. */
  readonly seen: ListedLocks;
}

/** Whether we may hold a lock although the LOCK failed: from this request, or an earlier one without response. */
export function mayHoldLock(failure: RemoteFailure): boolean {
  return failure.kind === 'locked' || mayBeDone(failure);
}

/** Without a response, or with one of these, a server or proxy may have processed the LOCK before failing. */
function mayBeDone({ kind, status = 0, facts }: RemoteFailure): boolean {
  const isUnanswered = kind === 'interrupted' || kind === 'timeout' || kind === 'canceled';
  return isUnanswered || facts.maybeDone === true || status >= 500 || status === 401;
}

/**
 * Finds our lock in the listing by the random mark of this request, or of an earlier one without response: until the
 * lock was listed, nobody else could write it. Any other lock is somebody else's, whatever its owner says. Otherwise
 * rejects with the failure, including the only listed lock if it has no owner: it may be ours or anybody's.
 */
export async function recoverLock(
  client: WebdavClient,
  failure: RemoteFailure,
  lost: UnansweredLock,
): Promise<Lease> {
  const { resource, lockRequest, seen } = lost;
  if (lockRequest.mark === undefined) throw failure;
  const { depth = 'self' } = lockRequest;
  if (isFailure(failure, 'serverFault', 'partly') && (await isUnlockableFolder(client, seen)))
    throw failure.as('unsupported', { code: 'FOLDER_NOT_LOCKABLE' });
  const listed = unknownLocks(client, resource, seen);
  const unknown = listed.filter(({ lock }) => lock.depth === depth);
  const isMine = (mark: string) =>
    mark === lockRequest.mark || client.identity.awaits?.(mark, resource) === true;
  const mine = unknown.find(({ mark }) => mark !== undefined && isMine(mark));
  const lease = mine && (await verified(client, mine.token, lost));
  if (lease) return { ...lease, mark: mine.mark ?? lockRequest.mark };
  const [only, ...more] = unknown;
  const isUnowned = only?.lock.holder.self === 'unknown' && more.length === 0;
  throw failure.as(failure.kind, {
    ...(mayBeDone(failure) && { maybeDone: true }),
    ...(isUnowned && { ownerlessLock: lockIdOf(only.token) }),
  });
}

interface Unknown {
  readonly mark: string | undefined;
  readonly token: string;
  readonly lock: Lock;
}

/** The locks on this resource that none of our windows is known to hold. */
function unknownLocks(
  { identity }: WebdavClient,
  resource: ResourceId,
  { locks, entry }: ListedLocks,
): Unknown[] {
  return locks.flatMap((raw) => {
    const { token } = raw;
    if (token === undefined || !isSendable(token)) return [];
    const id = lockIdOf(token);
    const lock = entry?.listing.locks.find((listed) => listed.id === id);
    if (!lock || identity.ownsLock(id) || identity.ownsElsewhere?.(id)) return [];
    const isAbove = lock.root !== undefined && lock.root !== resource && isWithin(resource, lock.root);
    return isAbove ? [] : [{ mark: readOwner(raw.owner).ours?.mark, token, lock }];
  });
}

/** A refresh proves that we can use the lock and is the only source of its expiry. Undefined if it is refused. */
async function verified(
  client: WebdavClient,
  token: string,
  { resource, lockRequest: { seconds, depth = 'self' }, since }: UnansweredLock,
): Promise<Lease | undefined> {
  // Until then the lock counts as expired, so it is checked before a save and refreshed soon.
  const found = leaseOf({ resource, token, seconds, timeout: 'Second-1', since, depth });
  try {
    return await refresh(client, found, seconds);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return mayBeDone(error) || isFailure(error, 'unreachable', 'busy') ? found : undefined;
  }
}
