import { isFailure } from '../../../../core/model/failure';
import type { Lease } from '../../../../core/model/lease';
import type { ResourceId } from '../../../../core/model/resource';
import type { HttpAnswer } from '../../../transport/http';
import type { WebdavClient } from '../../client';
import { fetchLocks } from './fetchLocks';
import { remove } from '../remove';
import { unlock } from './unlock';

/** File times and the Date header are in whole seconds. */
const roundingMs = 2_000;

/**
 * Undoes a LOCK that created an empty file (RFC 4918 section 7.3): deletes the file and releases the lock, which
 * outlives the file on some servers. Returns false if the file may have existed before.
 */
export async function undoCreatedFile(
  client: WebdavClient,
  lease: Lease,
  answer: HttpAnswer,
): Promise<boolean> {
  if (!(await wasFileCreated(client, lease.resource, answer))) return false;
  await deleteCreated(client, lease);
  return true;
}

/** 201 may also refer to the lock: the LOCK created the file only if it is empty and as new as the response. */
async function wasFileCreated(
  client: WebdavClient,
  resource: ResourceId,
  { status, headers }: HttpAnswer,
): Promise<boolean> {
  if (status !== 201) return false;
  const { entry, missing } = await fetchLocks(client, resource);
  if (missing) return true;
  const { size, modified } = entry?.version ?? {};
  const answered = Date.parse(headers['date'] ?? '');
  return entry?.kind === 'file' && size === 0 && modified !== undefined && modified >= answered - roundingMs;
}

async function deleteCreated(client: WebdavClient, lease: Lease): Promise<void> {
  try {
    await remove(client, { resource: lease.resource, kind: 'file' }, { leases: [lease] });
  } catch (error) {
    if (!isFailure(error)) throw error;
  }
  await tryUnlock(client, lease);
}

/** Releases the lock, ignoring failures: it then ends by its timeout. */
export async function tryUnlock(client: WebdavClient, lease: Lease): Promise<void> {
  try {
    await unlock(client, lease);
  } catch (error) {
    if (!isFailure(error)) throw error;
  }
}
