import { RemoteFailure } from '../../../core/failure';
import type { CallOptions, RemoteEntry } from '../../../core/ports';
import { nameOf, parentOf, type ResourceId, urlOf } from '../../../core/resource';
import type { HttpAnswer, HttpRequest } from '../../transport/http';
import type { LockContext } from '../lockContext';
import type { WebdavClient } from '../client';
import { entryOf } from '../entry';
import { xmlType } from '../headers';
import { HolderReader } from '../holder';
import { HrefReader } from '../href';
import { readDav } from '../multistatus';
import { propfindBody } from '../names';
import { ExpiryReader } from '../timeout';
import type { RawResponse } from '../raw';
import { refusal } from '../refusal';

/** Ten thousand entries of a talkative server are 8 MB. */
const maxListingBytes = 256 * 1024 * 1024;
/** One resource with as many locks as are read is a tenth of this. */
const maxEntryBytes = 8 * 1024 * 1024;

export interface Question {
  readonly resource: ResourceId;
  readonly depth: '0' | '1';
  readonly url: string;
  readonly supportedLock?: boolean;
}

/** PROPFIND (RFC 4918 section 9.1), Depth 0: the resource with its locks. */
export async function stat(
  client: WebdavClient,
  resource: ResourceId,
  options: CallOptions = {},
): Promise<RemoteEntry> {
  const found = await one(client, { resource, depth: '0', url: urlOf(resource) }, options);
  return entryOf(resource, found.raw, found.context);
}

/** PROPFIND, Depth 1: the members, and the collection itself where it is listed. */
export async function list(
  client: WebdavClient,
  resource: ResourceId,
  options: CallOptions = {},
): Promise<{ self?: RemoteEntry; members: RemoteEntry[] }> {
  const request = requestOf(client, { resource, depth: '1', url: urlOf(resource, 'collection') }, options);
  const answer = await listing(client, request);
  const context = contextOf(client, answer, resource);
  const members: RemoteEntry[] = [];
  let self: RemoteEntry | undefined;
  const { mark } = await readDav(answer, request, (raw) => {
    if (raw.props.locks?.length) client.sawLock();
    const id = raw.hrefs[0] === undefined ? undefined : context.hrefs.resolve(raw.hrefs[0]);
    // A member that the server could not read has a status of its own and nothing to show.
    if (id === undefined || refused(raw)) return;
    if (id === resource) self = entryOf(id, raw, context);
    else if (isMember(id, resource)) members.push(entryOf(id, raw, context));
  });
  client.sawMark(mark);
  return self ? { self, members: members.map(inheritingFrom(self)) } : { members };
}

/** A name of one segment, which an encoded slash or dots would not be once they are decoded. */
function isMember(id: ResourceId, collection: ResourceId): boolean {
  if (parentOf(id) !== collection) return false;
  const name = nameOf(id);
  return name !== '.' && name !== '..' && !name.includes('/');
}

/**
 * The lock of a tree holds for what is in it (RFC 4918 section 6.1), which some servers tell when asked for a member
 * but not when asked for all.
 */
function inheritingFrom(self: RemoteEntry): (member: RemoteEntry) => RemoteEntry {
  const trees = self.listing.locks.filter(({ depth }) => depth === 'tree');
  if (trees.length === 0) return (member) => member;
  return (member) => {
    const { locks } = member.listing;
    const untold = trees.filter((tree) => !locks.some(({ id, depth }) => depth === 'tree' && id === tree.id));
    return { ...member, listing: { locks: [...locks, ...untold], told: true } };
  };
}

/** The one response that a Depth 0 PROPFIND is about. Fails with `notFound` or whatever its own status means. */
export async function one(
  client: WebdavClient,
  question: Question,
  options: CallOptions = {},
): Promise<{ raw: RawResponse; context: LockContext }> {
  const { resource, url } = question;
  const request = requestOf(client, question, options);
  const answer = await listing(client, request);
  const context = contextOf(client, answer, resource);
  const responses: RawResponse[] = [];
  const { mark } = await readDav(answer, request, (raw) => responses.push(raw));
  client.sawMark(mark);
  const raw =
    responses.find(({ hrefs }) => hrefs.some((href) => context.hrefs.resolve(href) === resource)) ??
    // Behind a proxy that moves paths the name may differ; one answer to one question is still the answer.
    (responses.length === 1 ? responses[0] : undefined);
  if (!raw) throw failed('badAnswer', request, answer.status);
  if (raw.status === 404 || raw.status === 410) throw failed('notFound', request, raw.status);
  if (refused(raw)) throw failed('refused', request, raw.status);
  // By a name without its slash one server shows a collection, but not the lock on it, and repeats the name as it was.
  const collection = urlOf(resource, 'collection');
  if (raw.props.collection && url !== collection && !raw.hrefs.some((href) => href.endsWith('/')))
    return one(client, { ...question, url: collection }, options);
  if (raw.props.locks?.length) client.sawLock();
  return { raw, context };
}

function requestOf(client: WebdavClient, question: Question, { signal }: CallOptions): HttpRequest {
  const { resource, depth, url, supportedLock = false } = question;
  return {
    method: 'PROPFIND',
    resource,
    url,
    headers: { depth, 'content-type': xmlType },
    body: propfindBody({ supportedLock, nextcloud: client.profile.nextcloud ?? false }),
    maxBytes: depth === '0' ? maxEntryBytes : maxListingBytes,
    signal,
  };
}

async function listing(client: WebdavClient, request: HttpRequest): Promise<HttpAnswer> {
  const answer = await client.send(request);
  if (answer.status === 207) return answer;
  if (answer.status >= 400) throw await refusal(answer, request);
  // Some other page: a sign-in form, or a server that ignores the method.
  await answer.discard();
  throw failed('notWebdav', request, answer.status);
}

function contextOf(client: WebdavClient, answer: HttpAnswer, resource: ResourceId): LockContext {
  const asked = client.sentAt(answer);
  return {
    identity: client.identity,
    hrefs: new HrefReader(resource),
    holders: new HolderReader(client.identity),
    expiries: new ExpiryReader(asked),
    asked,
    skewMs: client.skewMs(answer),
    folderLocksHold: client.profile.folderLocksHold ?? false,
  };
}

function refused({ status }: RawResponse): boolean {
  return status !== undefined && status >= 300;
}

function failed(
  kind: 'badAnswer' | 'notFound' | 'refused' | 'notWebdav',
  { method, resource }: HttpRequest,
  status: number | undefined,
): RemoteFailure {
  return new RemoteFailure(kind, { method, resource, ...(status === undefined ? {} : { status }) });
}
