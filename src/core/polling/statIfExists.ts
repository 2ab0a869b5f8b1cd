import { orElse } from '../model/failure';
import type { ResourceId } from '../model/resource';
import type { Directory } from './directory';
import type { RemoteStat } from './remoteStat';

/**
 * What is there now, asked by a request of its own. Returns undefined if nothing is; rejects with a RemoteFailure if
 * the request fails.
 */
export async function statIfExists(
  directory: Directory,
  resource: ResourceId,
): Promise<RemoteStat | undefined> {
  return orElse(undefined, () => directory.stat(resource, 0, { exact: true }), 'notFound');
}
