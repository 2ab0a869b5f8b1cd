import { isFailure, orElse, RemoteFailure } from '../../../core/model/failure';
import type { CallOptions, WriteGuard } from '../../../core/model/ports';
import { type ResourceId, urlOf } from '../../../core/model/resource';
import type { Version } from '../../../core/model/version';
import type { WebdavClient } from '../client';
import { versionOfHeaders } from '../reading/entry';
import { sendGuarded } from '../guarded';
import { unconfirmedSuccess, isPlainSuccess } from '../success';
import { fetchLocks } from './locking/fetchLocks';
import { nextLook } from './nextLook';
import { stat } from './propfind';

/** PUT (RFC 4918 section 9.7). The version is empty if the response has no validator. */
export async function put(
  client: WebdavClient,
  write: { readonly resource: ResourceId; readonly bytes: Uint8Array },
  guard: WriteGuard,
  options: CallOptions = {},
): Promise<Version> {
  const { resource, bytes } = write;
  if (guard.mustBeNew) await refuseExisting(client, resource);
  const look = nextLook(client, resource, options.onLook !== undefined);
  const request = {
    method: 'PUT',
    resource,
    url: urlOf(resource),
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
    onSent: options.onSent,
    ...(look && { next: look }),
  };
  try {
    const answer = await sendGuarded(client, request, guard, options);
    if (!isPlainSuccess(answer)) throw unconfirmedSuccess(answer, request);
    const { status, headers } = answer;
    // A 200 may be a proxy's, and its headers those of something else (RFC 9110 section 9.3.4).
    if (status === 200) return {};
    const hasValidator = headers['etag'] !== undefined || headers['last-modified'] !== undefined;
    return hasValidator ? versionOfHeaders(headers, bytes.length) : {};
  } catch (error) {
    if (guard.mustBeNew && isFailure(error, 'preconditionFailed'))
      throw await newRefused(client, error, guard);
    throw error;
  } finally {
    look?.tell(options);
  }
}

/**
 * Servers that ignore If-None-Match would overwrite the file, so check right before the PUT. A failed check is
 * thrown, because the name may be taken.
 */
async function refuseExisting(client: WebdavClient, resource: ResourceId): Promise<void> {
  if (client.profile.honorsIfMatch) return;
  const existing = await orElse(undefined, () => stat(client, resource), 'notFound');
  if (existing) throw new RemoteFailure('exists', { method: 'PUT', resource });
}

/** A 412 means that If-None-Match failed, unless we also submitted a lock that may be lost. */
async function newRefused(
  client: WebdavClient,
  failure: RemoteFailure,
  { leases }: WriteGuard,
): Promise<RemoteFailure> {
  if (leases.length === 0) return failure.as('exists');
  const seen = await fetchLocks(client, failure.resource);
  return seen.entry ? failure.as('exists') : failure;
}
