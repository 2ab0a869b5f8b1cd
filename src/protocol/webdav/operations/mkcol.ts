import type { WriteGuard } from '../../../core/model/ports';
import { type ResourceId, urlOf } from '../../../core/model/resource';
import type { WebdavClient } from '../client';
import { sendGuarded } from '../guarded';

/** MKCOL (RFC 4918 section 9.3). Can fail with `exists` or `parentMissing`. */
export async function mkcol(
  client: WebdavClient,
  resource: ResourceId,
  { leases }: WriteGuard,
): Promise<void> {
  const request = { method: 'MKCOL', resource, url: urlOf(resource, 'collection') };
  await sendGuarded(client, request, { leases });
}
