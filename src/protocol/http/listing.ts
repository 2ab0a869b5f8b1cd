import type { ListMapping } from '../../core/model/endpoint';
import { RemoteFailure } from '../../core/model/failure';
import type { LockListing } from '../../core/model/lock';
import { isShowable } from '../../core/model/memberName';
import type { CallOptions, RemoteEntry } from '../../core/model/ports';
import { childOf, nameOf, type ResourceId } from '../../core/model/resource';
import type { Version } from '../../core/model/version';
import { versionOfHeaders } from '../webdav/reading/entry';
import type { HttpClient } from './client';
import { readLock, type LockReading } from './lockReader';
import { doubtful, isSuccess, refused } from './refused';
import { sizeOf, textOf, timeOf, truthOf, valueAtPointer, type Source } from './values';

/** The request was not about locks: what is known of them stays. */
export const notAsked: LockListing = { locks: [], reported: false, asked: false };

/** A member of a folder; `lockId` is a secret. */
export interface Member {
  readonly entry: RemoteEntry;
  readonly lockId?: string;
}

/** The members of a folder as the mapping describes them. Rejects with a RemoteFailure. */
export async function listMembers(
  client: HttpClient,
  { folder, list }: { readonly folder: ResourceId; readonly list: ListMapping },
  { signal }: CallOptions = {},
): Promise<Member[]> {
  const variables = client.variablesOf(folder);
  const request = client.requestOf(list, { resource: folder, method: 'GET', variables });
  const answer = await client.send({ ...request, signal });
  if (answer.status >= 300) throw await refused(answer, request);
  if (!isSuccess(answer)) throw await doubtful(answer, request);
  const source = await client.sourceOf(answer, variables);
  const members = valueAtPointer(source.json, list.members);
  // A page or an error in place of a list is not an empty folder.
  if (!Array.isArray(members))
    throw new RemoteFailure('badAnswer', { resource: folder, method: request.method, status: answer.status });
  return members.flatMap(
    (json: unknown) => memberOf(folder, list, { ...source, json }, client.lockReading) ?? [],
  );
}

function memberOf(
  folder: ResourceId,
  list: ListMapping,
  source: Source,
  reading: LockReading,
): Member | undefined {
  const name = textOf(list.name, source)?.replace(/\/$/, '');
  if (name === undefined || name === '.' || name === '..' || name.includes('/')) return undefined;
  const resource = childOf(folder, name);
  // Such as half a surrogate pair, which would be another name.
  if (nameOf(resource) !== name || !isShowable(resource, process.platform)) return undefined;
  const found = list.locks && readLock(resource, list.locks, source, reading);
  const kind = truthOf(list.isFolder, source) === true ? 'collection' : 'file';
  const listing = list.locks ? { locks: found ? [found.lock] : [], reported: true } : notAsked;
  return {
    entry: { resource, kind, version: versionOf(list, source), listing },
    ...(found?.id !== undefined && { lockId: found.id }),
  };
}

/** A tag in JSON is compared, and never sent as a condition: only the header's is known to be written as one. */
function versionOf(list: ListMapping, source: Source): Version {
  const size = sizeOf(list.size, source);
  const modified = timeOf(list.modified, source);
  const tag = textOf(list.etag, source);
  const { etag } = tag === undefined ? {} : versionOfHeaders({ etag: tag });
  return {
    ...(etag && { etag: { ...etag, weak: true } }),
    ...(modified !== undefined && { modified }),
    ...(size !== undefined && { size }),
  };
}
