import { isFailure, RemoteFailure } from '../../core/model/failure';
import type { CallOptions, EntryRef, ReadOptions, RemoteContent, WriteGuard } from '../../core/model/ports';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { ifMatchToSend, type Version } from '../../core/model/version';
import type { HttpAnswer, HttpRequest } from '../transport/http';
import { versionOfHeaders } from '../webdav/reading/entry';
import { isPlainSuccess } from '../webdav/success';
import type { HttpClient } from './client';
import { submitted } from './locks';
import { doubtful, isPage, isSuccess, refused } from './refused';

/** The largest file that an editor can open. */
const maxContentBytes = 1024 * 1024 * 1024;
/** A cache may answer with an older content than the server has now. */
const uncached = { 'cache-control': 'no-cache' };
/** Statuses for a method that the server does not know. */
const unknownMethod = new Set([405, 501]);

/** The version of the content, by HEAD; by GET where the server knows no HEAD. */
export async function versionNow(
  client: HttpClient,
  resource: ResourceId,
  options: CallOptions = {},
): Promise<Version> {
  const request = readRequest(client, resource);
  if (request.method !== 'GET' || !client.knowsHead) return (await read(client, resource, options)).version;
  const head = { ...request, method: 'HEAD', signal: options.signal };
  const answer = await client.send(head);
  if (unknownMethod.has(answer.status)) {
    await answer.discard();
    client.knowsHead = false;
    return versionNow(client, resource, options);
  }
  await refuseNoContent(client, answer, head);
  await answer.discard();
  const length = Number(answer.headers['content-length'] ?? NaN);
  return versionOfHeaders(answer.headers, Number.isSafeInteger(length) ? length : undefined);
}

export async function read(
  client: HttpClient,
  resource: ResourceId,
  { signal, maxBytes = maxContentBytes }: ReadOptions = {},
): Promise<RemoteContent> {
  const request = { ...readRequest(client, resource), maxBytes, signal };
  const answer = await client.send(request);
  await refuseNoContent(client, answer, request);
  const bytes = await answer.bytes();
  const version = versionOfHeaders(answer.headers, bytes.length);
  if (!isFramed(answer) && client.knowsHead) {
    const { size } = await versionNow(client, resource);
    // A text that was cut short must never be saved back.
    if (size !== undefined && size > bytes.length)
      throw new RemoteFailure('interrupted', { method: request.method, resource, code: 'CUT_SHORT' });
  }
  return { bytes, version };
}

/** The version is empty if the answer has no validator that is certainly the new content's. */
export async function write(
  client: HttpClient,
  { resource, bytes }: { readonly resource: ResourceId; readonly bytes: Uint8Array },
  guard: WriteGuard,
  { signal, onSent }: CallOptions = {},
): Promise<Version> {
  const guarded = guardedBy(client, client.fileRequest('write', 'PUT', resource), guard);
  const headers = { 'content-type': 'application/octet-stream', ...guarded.headers };
  const request = { ...guarded, headers, body: bytes, signal, onSent };
  const answer = await client.send(request);
  try {
    await confirmed(client, answer, request);
  } catch (error) {
    if (guard.mustBeNew && isFailure(error, 'preconditionFailed') && guard.leases.length === 0)
      throw error.as('exists');
    throw error;
  }
  // The headers of a 200 may be those of something else (RFC 9110 section 9.3.4).
  const hasValidator = answer.headers['etag'] !== undefined || answer.headers['last-modified'] !== undefined;
  return answer.status === 200 || !hasValidator ? {} : versionOfHeaders(answer.headers, bytes.length);
}

export async function remove(
  client: HttpClient,
  { resource, kind }: EntryRef,
  guard: WriteGuard,
): Promise<void> {
  const described = client.fileRequest('delete', 'DELETE', resource);
  // A folder's entity tag protects nothing.
  const checked = kind === 'collection' ? { leases: guard.leases } : guard;
  const request = guardedBy(client, described, checked);
  await confirmed(client, await client.send(request), request);
}

/** HTTP has no way to move a file: only a mapping does. */
export async function move(
  client: HttpClient,
  { from, to }: { readonly from: EntryRef; readonly to: ResourceId },
  guard: WriteGuard,
): Promise<void> {
  const { move: mapping } = client.files;
  const { resource } = from;
  if (!mapping) throw new RemoteFailure('unsupported', { resource, method: 'MOVE' });
  const variables = client.variablesOf(resource, { to: client.pathOf(to), toUrl: to });
  const described = client.requestOf(mapping, { resource, method: 'POST', variables });
  const request = guardedBy(client, described, { leases: guard.leases });
  await confirmed(client, await client.send(request), request);
}

function readRequest(client: HttpClient, resource: ResourceId): HttpRequest {
  const request = client.fileRequest('read', 'GET', resource);
  return { ...request, headers: { ...request.headers, ...uncached } };
}

/** The request with the conditions of the write, and with what shows that we hold the lock. */
function guardedBy(client: HttpClient, request: HttpRequest, guard: WriteGuard): HttpRequest {
  const { resource } = request;
  const lease = guard.leases.find((held) => held.resource === resource);
  const shown = submitted(client.locks.submit, lease, client);
  const url = new URL(request.url);
  for (const [name, value] of shown.query) url.searchParams.set(name, value);
  const replaces = ifMatchToSend(guard.replaces);
  const headers = {
    ...request.headers,
    ...(replaces !== undefined && { 'if-match': replaces }),
    ...(guard.mustBeNew && { 'if-none-match': '*' }),
    ...shown.headers,
  };
  return { ...request, headers, ...(shown.query.length > 0 && { url: url.href }) };
}

/** Rejects unless the answer confirms the change. JSON does so only where a mapping says that this is how it answers. */
async function confirmed(client: HttpClient, answer: HttpAnswer, request: HttpRequest): Promise<void> {
  if (answer.status >= 300) throw await refused(answer, request);
  if (!(client.mapped ? isSuccess(answer) : isPlainSuccess(answer))) throw await doubtful(answer, request);
  await answer.discard();
}

/** Rejects unless the answer is the content of the file: 204 is an empty one. */
async function refuseNoContent(client: HttpClient, answer: HttpAnswer, request: HttpRequest): Promise<void> {
  if (answer.status >= 300) throw await refused(answer, request);
  const isContent = answer.status === 200 || answer.status === 204;
  if (isContent && (client.mapped || !isPage(answer) || mayBePage(request.resource))) return;
  await answer.discard();
  throw new RemoteFailure('badAnswer', {
    resource: request.resource,
    method: request.method,
    status: answer.status,
    code: 'NOT_CONTENT',
  });
}

/** A page in place of another kind of file is a sign-in form, or what a program on the server made of the file. */
function mayBePage(resource: ResourceId): boolean {
  return /\.x?html?$/i.test(nameOf(resource));
}

function isFramed({ status, headers }: HttpAnswer): boolean {
  return (
    status === 204 || headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
  );
}
