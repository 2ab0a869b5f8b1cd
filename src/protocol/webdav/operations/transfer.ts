import { isFailure } from '../../../core/model/failure';
import type { EntryRef, Target, WriteGuard } from '../../../core/model/ports';
import { urlOf } from '../../../core/model/resource';
import type { WebdavClient } from '../client';
import { sendGuarded } from '../guarded';
import { fetchLocks } from './locking/fetchLocks';

export interface Transfer {
  readonly method: 'MOVE' | 'COPY';
  readonly from: EntryRef;
  readonly to: Target;
}

/** MOVE and COPY (RFC 4918 sections 9.8 and 9.9). Locks are not moved or copied (section 7.6). */
export async function transfer(
  client: WebdavClient,
  { method, from, to }: Transfer,
  { leases }: WriteGuard,
): Promise<void> {
  const request = {
    method,
    resource: from.resource,
    url: urlOf(from.resource, from.kind),
    headers: {
      destination: urlOf(to.resource, from.kind),
      overwrite: to.overwrite ? 'T' : 'F',
      ...(from.kind === 'collection' ? { depth: 'infinity' } : {}),
    },
  };
  try {
    await sendGuarded(client, request, { leases });
  } catch (error) {
    // 412 means that `Overwrite: F` failed (section 9.8.5), or that a submitted lock is lost.
    if (to.overwrite || !isFailure(error, 'preconditionFailed')) throw error;
    const exists = leases.length === 0 || (await fetchLocks(client, to.resource)).entry !== undefined;
    throw exists ? error.as('exists', { resource: to.resource, maybeDone: false }) : error;
  }
}
