import { orElse } from '../../../../core/model/failure';
import type { Lease } from '../../../../core/model/lease';
import { urlOf } from '../../../../core/model/resource';
import type { HttpRequest } from '../../../transport/http';
import type { WebdavClient } from '../../client';
import { isPlainSuccess } from '../../success';
import { fetchLocks, type ListedLocks } from './fetchLocks';
import { propfindOne } from '../propfind';
import { tryUnlock } from './undoLock';

/**
 * Whether the lock that was just granted refuses others. False only where the server lists no lock at all and grants
 * the same exclusive lock a second time: such a lock protects nothing, and is released.
 *
 * @param request the LOCK that was granted.
 */
export async function isEnforced(client: WebdavClient, lease: Lease, request: HttpRequest): Promise<boolean> {
  const seen = await fetchLocks(client, lease.resource);
  if (!seen.reported || seen.locks.length > 0) return true;
  const again = await client.send(request);
  await again.discard();
  if (!isPlainSuccess(again)) return true;
  await tryUnlock(client, lease);
  return false;
}

/** Whether this is a folder that, unlike files, offers no lock (supportedlock, RFC 4918 section 15.10). */
export async function isUnlockableFolder(
  client: WebdavClient,
  { entry, locks }: ListedLocks,
): Promise<boolean> {
  if (entry?.kind !== 'collection' || locks.length > 0) return false;
  const { resource } = entry;
  const url = urlOf(resource, 'collection');
  const asked = { resource, depth: '0', url, supportedLock: true } as const;
  const found = await orElse(undefined, () => propfindOne(client, asked));
  return found !== undefined && found.raw.props.supportsLocks !== true;
}
