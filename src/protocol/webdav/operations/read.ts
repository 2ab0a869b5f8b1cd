import { isFailure, RemoteFailure } from '../../../core/model/failure';
import type { CallOptions, ReadOptions, RemoteContent, RemoteEntry } from '../../../core/model/ports';
import { type ResourceId, urlOf } from '../../../core/model/resource';
import type { Version } from '../../../core/model/version';
import type { HttpAnswer } from '../../transport/http';
import type { WebdavClient } from '../client';
import { versionOfHeaders } from '../reading/entry';
import { refusal } from '../refusal';
import { stat } from './propfind';

/** The largest file that an editor can open. */
const maxContentBytes = 1024 * 1024 * 1024;

/** A file may grow between its listing and its download, such as a log. */
const growthBytes = 16 * 1024 * 1024;

/** A server that sends without end is stopped near the size that it has listed. */
function boundFor(listedSize = maxContentBytes): number {
  return Math.min(maxContentBytes, 2 * listedSize + growthBytes);
}

/** Failures of a HEAD after which the server may still answer one. */
const unanswered = ['signInNeeded', 'cannotSignIn', 'unreachable', 'interrupted', 'timeout', 'busy'] as const;

/** What is compared with the content that a person has seen must be what the server has now. */
const uncached = { 'cache-control': 'no-cache' };

/** GET: the content with its version. Requested uncompressed: some servers change the entity tag otherwise. */
export async function read(
  client: WebdavClient,
  resource: ResourceId,
  { signal, maxBytes = maxContentBytes, listedSize }: ReadOptions = {},
): Promise<RemoteContent> {
  const request = {
    method: 'GET',
    resource,
    url: urlOf(resource),
    headers: uncached,
    maxBytes: Math.min(maxBytes, boundFor(listedSize)),
    signal,
  };
  const answer = await client.send(request);
  if (answer.status !== 200) throw await refusal(answer, request);
  const bytes = await answer.bytes();
  const version = versionOfHeaders(answer.headers, bytes.length);
  // Some caches answer a GET with what they keep of a HEAD, and some servers count characters as bytes.
  const isSuspect = !isFramed(answer) || bytes.length < (listedSize ?? 0);
  if (isSuspect) await refuseCutShort(client, resource, { version, needsTag: isFramed(answer) });
  return { bytes, version };
}

/** Whether the end of the body is distinguishable from a lost connection (RFC 9112 section 6.3). */
function isFramed({ headers }: HttpAnswer): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

interface Suspect {
  readonly version: Version;
  /** Whether only an equal tag shows that it is cut short. */
  readonly needsTag: boolean;
}

/**
 * Rejects if the listing reports more bytes for the same version, or cannot be had: a truncated text must never be
 * saved back.
 */
async function refuseCutShort(client: WebdavClient, resource: ResourceId, read: Suspect): Promise<void> {
  const failed = { method: 'GET', resource, status: 200, code: 'CUT_SHORT' };
  try {
    if (!(await isLonger(client, await stat(client, resource), read))) return;
  } catch (cause) {
    // Trying again would only lead here again until the person has signed in.
    if (!isFailure(cause) || isFailure(cause, 'signInNeeded', 'cannotSignIn')) throw cause;
    throw new RemoteFailure('interrupted', { ...failed, cause });
  }
  throw new RemoteFailure('interrupted', failed);
}

async function isLonger(
  client: WebdavClient,
  { resource, version: listed }: RemoteEntry,
  { version: read, needsTag }: Suspect,
): Promise<boolean> {
  const isTagged = read.etag !== undefined && listed.etag !== undefined;
  if (isTagged) return read.etag.opaque === listed.etag.opaque && hasMore(listed, read);
  if (!needsTag || !hasMore(listed, read)) return hasMore(listed, read);
  if (read.etag === undefined) return false;
  // Some servers list wrong sizes, and no tags.
  const asked = await headIfKnown(client, resource);
  return asked?.etag !== undefined && asked.etag.opaque === read.etag.opaque && hasMore(asked, read);
}

/** Undefined where the server knows no HEAD. */
async function headIfKnown(client: WebdavClient, resource: ResourceId): Promise<Version | undefined> {
  try {
    return await headVersion(client, resource);
  } catch (error) {
    if (!isFailure(error) || isFailure(error, ...unanswered)) throw error;
    return undefined;
  }
}

function hasMore({ size: listed = 0 }: Version, { size: read = 0 }: Version): boolean {
  return listed > read;
}

/** HEAD: the version as a GET would report it. */
export async function headVersion(
  client: WebdavClient,
  resource: ResourceId,
  { signal }: CallOptions = {},
): Promise<Version> {
  const request = { method: 'HEAD', resource, url: urlOf(resource), headers: uncached, signal };
  const answer = await client.send(request);
  if (answer.status !== 200) throw await refusal(answer, request);
  await answer.discard();
  const size = Number(answer.headers['content-length'] ?? NaN);
  return versionOfHeaders(answer.headers, Number.isSafeInteger(size) ? size : undefined);
}
