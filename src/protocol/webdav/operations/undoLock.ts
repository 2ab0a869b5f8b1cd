import { isFailure } from '../../../core/failure';
import type { Lease } from '../../../core/lease';
import type { ResourceId } from '../../../core/resource';
import type { HttpAnswer } from '../../transport/http';
import type { WebdavClient } from '../client';
import { look } from './look';
import { remove } from './remove';
import { unlock } from './unlock';

/**
 * Whether the file behind a LOCK's "Created" is one that the LOCK has made of a name that was free (RFC 4918 section
 * 7.3). A server may as well mean the lock by that word.
 */
export async function wasMade(
  client: WebdavClient,
  resource: ResourceId,
  _answer: HttpAnswer,
): Promise<boolean> {
  const { entry, missing } = await look(client, resource);
  return missing || (entry?.kind === 'file' && entry.version.size === 0);
}

/** The file was gone and our LOCK has made an empty one in its place: it is taken away again under our lock. */
export async function takeAway(client: WebdavClient, lease: Lease): Promise<void> {
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
