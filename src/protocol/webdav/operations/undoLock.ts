import { isFailure } from '../../../core/model/failure';
import type { Lease } from '../../../core/model/lease';
import type { ResourceId } from '../../../core/model/resource';
import type { HttpAnswer } from '../../transport/http';
import type { WebdavClient } from '../client';
import { look } from './look';
import { remove } from './remove';
import { unlock } from './unlock';

/** The times of files are whole seconds, and so is Date. */
const roundingMs = 2_000;

/**
 * Takes back a lock that its LOCK has made the file for (RFC 4918 section 7.3): with it the file, where that is surely
 * the LOCK's own. False where the file was there before.
 */
export async function undoMade(client: WebdavClient, lease: Lease, answer: HttpAnswer): Promise<boolean> {
  if (!(await wasMade(client, lease.resource, answer))) return false;
  await takeAway(client, lease);
  return true;
}

/** A server may as well mean the lock by its "Created": only an empty file that is as young as the answer is the LOCK's. */
async function wasMade(
  client: WebdavClient,
  resource: ResourceId,
  { status, headers }: HttpAnswer,
): Promise<boolean> {
  if (status !== 201) return false;
  const { entry, missing } = await look(client, resource);
  if (missing) return true;
  const { size, modified } = entry?.version ?? {};
  const answered = Date.parse(headers['date'] ?? '');
  return entry?.kind === 'file' && size === 0 && modified !== undefined && modified >= answered - roundingMs;
}

async function takeAway(client: WebdavClient, lease: Lease): Promise<void> {
  try {
    await remove(client, { resource: lease.resource, kind: 'file' }, { leases: [lease] });
  } catch (error) {
    if (!isFailure(error)) throw error;
    await letGo(client, lease);
  }
}

/** Releases as well as it can be done: what stays ends by its own timeout. */
export async function letGo(client: WebdavClient, lease: Lease): Promise<void> {
  try {
    await unlock(client, lease);
  } catch (error) {
    if (!isFailure(error)) throw error;
  }
}
