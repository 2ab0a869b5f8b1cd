import { isFailure, type RemoteFailure } from '../../../core/model/failure';
import type { Lease } from '../../../core/model/lease';
import type { Lock, Stamp } from '../../../core/model/lock';
import { parseOwnerText } from '../../../core/model/ownerText';
import type { LockRequest } from '../../../core/model/ports';
import { isWithin, type ResourceId } from '../../../core/model/resource';
import type { WebdavClient } from '../client';
import type { RawLock } from '../raw';
import { isSendable, lockIdOf } from '../token';
import { leaseOf } from './lockAnswer';
import { look, type ListedLocks } from './look';
import { refresh } from './refresh';

export interface LostLock {
  readonly resource: ResourceId;
  readonly lockRequest: LockRequest;
  /** When the LOCK was sent. */
  readonly since: Stamp;
}

/** Whether a lock of ours may stand although the LOCK failed: this one's, or that of one before whose answer was lost. */
export function mayStand(failure: RemoteFailure): boolean {
  return failure.kind === 'locked' || mayBeDone(failure);
}

/** Who answers with one of these may have passed the LOCK on before, and who does not answer as well. */
function mayBeDone({ kind, status = 0, facts }: RemoteFailure): boolean {
  const isSilence = kind === 'interrupted' || kind === 'timeout' || kind === 'cancelled';
  return isSilence || facts.maybeDone === true || status >= 500 || status === 401;
}

/**
 * Our lock among those listed: nobody else writes this window's own id into an owner. Rejects with the failure where
 * there is none, and with the one lock that names no owner: it may be ours as well as anybody's.
 */
export async function recovered(
  client: WebdavClient,
  failure: RemoteFailure,
  lost: LostLock,
): Promise<Lease> {
  const { resource, lockRequest } = lost;
  if (parseOwnerText(lockRequest.owner)?.instanceId === undefined) throw failure;
  const unknown = unknownLocks(client, resource, await look(client, resource));
  const mine = unknown.find(({ raw }) => raw.owner?.text.trim() === lockRequest.owner);
  const lease = mine && (await proved(client, mine.token, lost));
  if (lease) return lease;
  const [only, ...more] = unknown;
  const isNobodys = only?.lock.holder.self === 'unknown' && more.length === 0;
  throw failure.as(failure.kind, {
    ...(mayBeDone(failure) && { maybeDone: true }),
    ...(isNobodys && { nobodys: lockIdOf(only.token) }),
  });
}

interface Unknown {
  readonly raw: RawLock;
  readonly token: string;
  readonly lock: Lock;
}

/** The locks on just this resource that no window of ours knows to hold. */
function unknownLocks(
  { identity }: WebdavClient,
  resource: ResourceId,
  { locks, entry }: ListedLocks,
): Unknown[] {
  return locks.flatMap((raw) => {
    const { token } = raw;
    if (token === undefined || !isSendable(token)) return [];
    const id = lockIdOf(token);
    const lock = entry?.listing.locks.find((listed) => listed.id === id && listed.depth === 'self');
    if (!lock || identity.ownsLock(id) || identity.ownsElsewhere?.(id)) return [];
    const isAbove = lock.root !== undefined && lock.root !== resource && isWithin(resource, lock.root);
    return isAbove ? [] : [{ raw, token, lock }];
  });
}

/** Refreshing it shows that it is ours to use, and is the only word for when it ends; undefined where the server refuses it. */
async function proved(
  client: WebdavClient,
  token: string,
  { resource, lockRequest: { seconds }, since }: LostLock,
): Promise<Lease | undefined> {
  // Its time counts as over until then: so it is asked about before a save, and refreshed soon.
  const found = leaseOf({ resource, token, seconds, timeout: 'Second-1', since });
  try {
    return await refresh(client, found, seconds);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return mayBeDone(error) || isFailure(error, 'unreachable', 'busy') ? found : undefined;
  }
}
