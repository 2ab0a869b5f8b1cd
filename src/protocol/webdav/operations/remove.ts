import type { CallOptions, EntryRef, WriteGuard } from '../../../core/model/ports';
import { urlOf } from '../../../core/model/resource';
import type { WebdavClient } from '../client';
import { sendGuarded } from '../guarded';

/** DELETE (RFC 4918 section 9.6); of a collection with everything in it, which may fail for some members. */
export async function remove(
  client: WebdavClient,
  { resource, kind }: EntryRef,
  guard: WriteGuard,
  options: CallOptions = {},
): Promise<void> {
  const request = {
    method: 'DELETE',
    resource,
    url: urlOf(resource, kind),
    headers: kind === 'collection' ? { depth: 'infinity' } : {},
  };
  // The tag of a collection changes with anything in it and guards nothing.
  const checked = kind === 'collection' ? { leases: guard.leases } : guard;
  await sendGuarded(client, request, checked, options);
}
