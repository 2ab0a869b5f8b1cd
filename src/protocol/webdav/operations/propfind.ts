import { RemoteFailure } from '../../../core/model/failure';
import type { CallOptions, ListOptions, RemoteEntry, RemoteListing } from '../../../core/model/ports';
import { parentOf, type ResourceId, urlOf } from '../../../core/model/resource';
import type { HttpAnswer, HttpRequest } from '../../transport/http';
import type { LockContext } from '../lockContext';
import type { WebdavClient } from '../client';
import { dateOf, entryOf } from '../entry';
import { xmlType } from '../headers';
import { HolderReader } from '../holder';
import { HrefReader } from '../href';
import { isShowable } from '../memberName';
import { readDav } from '../multistatus';
import { propfindBody } from '../../xml/names';
import { ExpiryReader } from '../timeout';
import type { RawResponse } from '../raw';
import { Memo } from '../memo';
import { refusal } from '../refusal';

/** Ten thousand entries of a talkative server are 8 MB. */
const maxListingBytes = 256 * 1024 * 1024;
/** One resource with as many locks as are read is a tenth of this. */
const maxEntryBytes = 8 * 1024 * 1024;

/** Locks on one folder that its members are shown: more share it than anybody wants to know of. */
const mostTrees = 8;
/** Names of one resource that are compared with the one that was asked for. */
const mostNames = 8;

export interface Question {
  readonly resource: ResourceId;
  readonly depth: '0' | '1';
  readonly url: string;
  readonly supportedLock?: boolean;
  readonly brief?: boolean;
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
  { brief = false, ...options }: ListOptions = {},
): Promise<RemoteListing> {
  const url = urlOf(resource, 'collection');
  const request = requestOf(client, { resource, depth: '1', url, brief }, options);
  const answer = await listing(client, request);
  const context = contextOf(client, answer, resource);
  const members: RemoteEntry[] = [];
  const unread: ResourceId[] = [];
  let self: RemoteEntry | undefined;
  let selfRefused: RemoteFailure | undefined;
  let leftOut = 0;
  const { mark } = await readDav(answer, request, (raw) => {
    if (raw.props.locks?.length) client.sawLock();
    const id = raw.hrefs[0] === undefined ? undefined : context.hrefs.resolve(raw.hrefs[0]);
    if (id === resource) {
      if (refused(raw)) selfRefused = refusedBy(raw, request);
      else self = entryOf(id, raw, context);
    } else if (id !== undefined && parentOf(id) === resource) {
      // A member that the server could not read has a status of its own and nothing to show.
      if (!isShowable(id)) leftOut += 1;
      else if (!refused(raw)) members.push(entryOf(id, raw, context));
      else if (!isMissing(raw)) unread.push(id);
    }
  });
  client.sawMark(mark);
  if (selfRefused) throw selfRefused;
  // What names neither the folder nor a member is no empty folder, and a file has no members.
  const isListing = members.length + unread.length + leftOut > 0 || self?.kind === 'collection';
  if (!isListing) throw failed('badAnswer', request, answer.status);
  client.leftOut(resource, leftOut);
  return {
    ...(self && { self }),
    members: self ? members.map(inheritingFrom(self)) : members,
    ...(unread.length > 0 && { unread }),
  };
}

/**
 * The lock of a tree holds for what is in it (RFC 4918 section 6.1), which some servers tell when asked for a member
 * but not when asked for all.
 */
function inheritingFrom(self: RemoteEntry): (member: RemoteEntry) => RemoteEntry {
  const trees = self.listing.locks
    .filter(({ depth }) => depth === 'tree')
    .slice(0, mostTrees)
    // Told of the members they would else be taken for locks that sit there.
    .map((tree) => (tree.root ? tree : { ...tree, root: self.resource }));
  if (trees.length === 0) return (member) => member;
  return (member) => {
    const { locks } = member.listing;
    const untold = trees.filter((tree) => !locks.some(({ id, depth }) => depth === 'tree' && id === tree.id));
    return { ...member, listing: { locks: [...locks, ...untold], reported: true } };
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
  let first: RawResponse | undefined;
  let named: RawResponse | undefined;
  let count = 0;
  const { mark } = await readDav(answer, request, (response) => {
    count += 1;
    first ??= response;
    const names = response.hrefs.slice(0, mostNames);
    if (!named && names.some((href) => context.hrefs.resolve(href) === resource)) named = response;
  });
  client.sawMark(mark);
  // Behind a proxy that moves paths the name may differ; one answer to one question is still the answer.
  const raw = named ?? (count === 1 ? first : undefined);
  if (!raw) throw failed('badAnswer', request, answer.status);
  if (refused(raw)) throw refusedBy(raw, request);
  // By a name without its slash one server shows a collection, but not the lock on it, and repeats the name as it was.
  const collection = urlOf(resource, 'collection');
  if (raw.props.collection && url !== collection && !raw.hrefs.some((href) => href.endsWith('/')))
    return one(client, { ...question, url: collection }, options);
  if (raw.props.locks?.length) client.sawLock();
  return { raw, context };
}

function requestOf(client: WebdavClient, question: Question, { signal }: CallOptions): HttpRequest {
  const { resource, depth, url, supportedLock = false, brief = false } = question;
  return {
    method: 'PROPFIND',
    resource,
    url,
    headers: { depth, 'content-type': xmlType },
    body: propfindBody({ supportedLock, brief, nextcloud: client.profile.nextcloud ?? false }),
    maxBytes: depth === '0' ? maxEntryBytes : maxListingBytes,
    signal,
  };
}

async function listing(client: WebdavClient, request: HttpRequest): Promise<HttpAnswer> {
  const answer = await client.send(request);
  if (answer.status === 207) return answer;
  if (answer.status >= 400) throw await refusal(answer, request, client.product);
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
    created: new Memo(dateOf),
    modified: new Memo(dateOf),
    asked,
    skewMs: client.skewMs(answer),
    folderLocksHold: client.profile.folderLocksHold ?? false,
  };
}

function refused({ status }: RawResponse): boolean {
  return status !== undefined && status >= 300;
}

/** 404 or 410: the server lists a name of which it knows that nothing is there. */
function isMissing({ status }: RawResponse): boolean {
  return status === 404 || status === 410;
}

function refusedBy(raw: RawResponse, request: HttpRequest): RemoteFailure {
  return failed(isMissing(raw) ? 'notFound' : 'refused', request, raw.status);
}

function failed(
  kind: 'badAnswer' | 'notFound' | 'refused' | 'notWebdav',
  { method, resource }: HttpRequest,
  status: number | undefined,
): RemoteFailure {
  return new RemoteFailure(kind, { method, resource, ...(status === undefined ? {} : { status }) });
}
