import { isFailure, RemoteFailure } from '../../../core/model/failure';
import type { CallOptions, WriteGuard } from '../../../core/model/ports';
import { type ResourceId, urlOf } from '../../../core/model/resource';
import type { Version } from '../../../core/model/version';
import type { WebdavClient } from '../client';
import { versionOfHeaders } from '../entry';
import { sendGuarded } from '../guarded';
import { doubtful, isPlainSuccess } from '../success';
import { look } from './look';
import { stat } from './propfind';

/** PUT (RFC 4918 section 9.7). The version is empty where the answer has no validator. */
export async function put(
  client: WebdavClient,
  write: { readonly resource: ResourceId; readonly bytes: Uint8Array },
  guard: WriteGuard,
  options: CallOptions = {},
): Promise<Version> {
  const { resource, bytes } = write;
  if (guard.mustBeNew) await refuseExisting(client, resource);
  const request = {
    method: 'PUT',
    resource,
    url: urlOf(resource),
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
    onSent: options.onSent,
  };
  try {
    const answer = await sendGuarded(client, request, guard, options);
    if (!isPlainSuccess(answer)) throw doubtful(answer, request);
    const { headers } = answer;
    const tells = headers['etag'] !== undefined || headers['last-modified'] !== undefined;
    return tells ? versionOfHeaders(headers, bytes.length) : {};
  } catch (error) {
    if (guard.mustBeNew && isFailure(error, 'preconditionFailed'))
      throw await newRefused(client, error, guard);
    throw error;
  }
}

/**
 * Servers that ignore If-None-Match would overwrite: there the look just before is the best that can be had. Where it
 * cannot be had, nobody knows that the name is free.
 */
async function refuseExisting(client: WebdavClient, resource: ResourceId): Promise<void> {
  if (client.profile.honoursIfMatch) return;
  try {
    await stat(client, resource);
  } catch (error) {
    if (isFailure(error, 'notFound')) return;
    throw error;
  }
  throw new RemoteFailure('exists', { method: 'PUT', resource });
}

/** A 412 is about If-None-Match, unless we also submitted a lock that may be gone. */
async function newRefused(
  client: WebdavClient,
  failure: RemoteFailure,
  { leases }: WriteGuard,
): Promise<RemoteFailure> {
  if (leases.length === 0) return failure.as('exists');
  const seen = await look(client, failure.resource);
  return seen.entry ? failure.as('exists') : failure;
}
