import type { EntryRef, WriteGuard } from '../../../core/model/ports';
import { urlOf } from '../../../core/model/resource';
import type { WebdavClient } from '../client';
import { sendGuarded } from '../guarded';

/** DELETE (RFC 4918 section 9.6). Deletes a collection with all its members, which may fail for some of them. */
export async function remove(
  client: WebdavClient,
  { resource, kind }: EntryRef,
  guard: WriteGuard,
): Promise<void> {
  const request = {
    method: 'DELETE',
    resource,
    url: urlOf(resource, kind),
    headers: kind === 'collection' ? { depth: 'infinity' } : {},
  };
  // A collection's entity tag changes with any of its content and protects nothing.
  const checked = kind === 'collection' ? { leases: guard.leases } : guard;
  await sendGuarded(client, request, checked);
}
