import { isFailure } from '../../../core/model/failure';
import type { CallOptions, EntryRef, Target, WriteGuard } from '../../../core/model/ports';
import { urlOf } from '../../../core/model/resource';
import type { WebdavClient } from '../client';
import { sendGuarded } from '../guarded';
import { look } from './look';

export interface Transfer {
  readonly method: 'MOVE' | 'COPY';
  readonly from: EntryRef;
  readonly to: Target;
}

/** MOVE and COPY (RFC 4918 sections 9.8 and 9.9). Locks stay behind (section 7.6). */
export async function transfer(
  client: WebdavClient,
  { method, from, to }: Transfer,
  { leases }: WriteGuard,
  options: CallOptions = {},
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
    await sendGuarded(client, request, { leases }, options);
  } catch (error) {
    // 412 is the answer to `Overwrite: F` (section 9.8.5), and also to a lock that is gone.
    if (to.overwrite || !isFailure(error, 'preconditionFailed')) throw error;
    const exists = leases.length === 0 || (await look(client, to.resource)).entry !== undefined;
    throw exists ? error.as('exists', { resource: to.resource, maybeDone: false }) : error;
  }
}
