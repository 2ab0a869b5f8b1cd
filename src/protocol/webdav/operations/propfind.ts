import { RemoteFailure } from '../../../core/model/failure';
import type { CallOptions, ListOptions, RemoteEntry, RemoteListing } from '../../../core/model/ports';
import { nameOf, parentOf, type ResourceId, urlOf } from '../../../core/model/resource';
import type { HttpAnswer, HttpRequest } from '../../transport/http';
import type { LockContext } from '../reading/lockContext';
import type { WebdavClient } from '../client';
import { dateOf, entryOf } from '../reading/entry';
import { xmlType } from '../headers';
import { HolderReader } from '../reading/holder';
import { HrefReader } from '../reading/href';
import { isShowable } from '../../../core/model/memberName';
import { readDav } from '../reading/readDav';
import { propfindBody } from '../requestBodies';
import { ExpiryReader } from '../reading/timeout';
import { mergedResponses, type RawResponse } from '../reading/raw';
import { Memo } from '../reading/memo';
import { refusal } from '../refusal';
import { reportHolders } from './reportHolders';

/** Ten thousand entries of a verbose server take 8 MB. */
const maxListingBytes = 256 * 1024 * 1024;
/** Ten times the size of one resource with the maximum number of locks. */
const maxEntryBytes = 8 * 1024 * 1024;

/** Maximum number of a folder's depth-infinity locks that are added to its members. */
const maxTreeLocks = 8;
/** Maximum number of a response's hrefs that are compared with the requested resource. */
const maxHrefs = 8;

export interface PropfindQuery {
  readonly resource: ResourceId;
  readonly depth: '0' | '1';
  readonly url: string;
  readonly supportedLock?: boolean;
  readonly brief?: boolean;
}

export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/** PROPFIND (RFC 4918 section 9.1) with Depth 0: the resource with its locks. */
export async function stat(
  client: WebdavClient,
  resource: ResourceId,
  options: CallOptions = {},
): Promise<RemoteEntry> {
  const found = await propfindOne(client, statQuery(resource), options);
  return entryOf(resource, found.raw, found.context);
}

/** The request that {@link stat} sends. */
export function statRequest(client: WebdavClient, resource: ResourceId): HttpRequest {
  return requestOf(client, statQuery(resource), {});
}

function statQuery(resource: ResourceId): PropfindQuery {
  return { resource, depth: '0', url: urlOf(resource) };
}

/** PROPFIND with Depth 1: the members, and the collection itself if listed. */
export async function list(
  client: WebdavClient,
  resource: ResourceId,
  { brief = false, ...options }: ListOptions = {},
): Promise<RemoteListing> {
  const url = urlOf(resource, 'collection');
  const asksLockProps = client.tellsLockProps;
  const request = requestOf(client, { resource, depth: '1', url, brief }, options);
  const answer = await listing(request, (sent) => client.send(sent));
  const tellsHolders = client.holders.tells;
  const context = contextOf(client, answer, resource);
  const members: RemoteEntry[] = [];
  const unread: ResourceId[] = [];
  let self: RemoteEntry | undefined;
  let selfRefused: RemoteFailure | undefined;
  let leftOut = 0;
  let isLocked = false;
  const locked: { readonly at: number; readonly id: ResourceId; readonly raw: RawResponse }[] = [];
  const { family } = await readDav(answer, request, (raw) => {
    if (raw.props.locks?.length) {
      client.learnListsLocks();
      isLocked = true;
    }
    const id = raw.hrefs[0] === undefined ? undefined : context.hrefs.resolve(raw.hrefs[0]);
    if (id === resource) {
      if (refused(raw)) selfRefused = refusedBy(raw, request);
      else self = entryOf(id, raw, context);
    } else if (id !== undefined && parentOf(id) === resource) {
      // A member that the server could not read has an error status and no properties.
      if (!isShowable(id, process.platform)) leftOut += 1;
      else if (!refused(raw)) {
        if (tellsHolders && raw.props.locks?.length) locked.push({ at: members.length, id, raw });
        members.push(entryOf(id, raw, context));
      } else if (!isMissing(raw)) unread.push(id);
    }
  });
  client.learnFamily(family);
  // The answer showed that this server says more about its locks if it is asked or read otherwise.
  if (client.tellsLockProps !== asksLockProps || (isLocked && client.holders.tells !== tellsHolders))
    return list(client, resource, { brief, ...options });
  if (locked.length > 0) {
    const holders = locked.map(({ id, raw }) => ({ resource: id, locks: raw.props.locks ?? [] }));
    await reportHolders(client, answer, resource, holders);
    for (const { at, id, raw } of locked) members[at] = entryOf(id, raw, context);
  }
  if (selfRefused) throw selfRefused;
  // A response that lists neither the folder nor members is not an empty folder, and a file has no members.
  const isListing = members.length + unread.length + leftOut > 0 || self?.kind === 'collection';
  if (!isListing) throw failed('badAnswer', request, answer.status);
  client.reportHiddenMembers(resource, leftOut);
  return {
    ...(self && { self }),
    members: self ? members.map(inheritingFrom(self)) : members,
    ...(unread.length > 0 && { unread }),
  };
}

/**
 * Adds the collection's depth-infinity locks to its members (RFC 4918 section 6.1): some servers list them only in
 * a PROPFIND of the member itself.
 */
function inheritingFrom(self: RemoteEntry): (member: RemoteEntry) => RemoteEntry {
  const treeLocks = self.listing.locks
    .filter(({ depth }) => depth === 'tree')
    .slice(0, maxTreeLocks)
    // Without a root, they would be taken for locks on the members themselves.
    .map((tree) => (tree.root ? tree : { ...tree, root: self.resource }));
  if (treeLocks.length === 0) return (member) => member;
  return (member) => {
    const { locks } = member.listing;
    const missing = treeLocks.filter(
      (tree) => !locks.some(({ id, depth }) => depth === 'tree' && id === tree.id),
    );
    return { ...member, listing: { locks: [...locks, ...missing], reported: true } };
  };
}

/**
 * The response for the resource of a Depth 0 PROPFIND. Fails with `notFound` or the failure of its status.
 *
 * @param send how the first request is sent; by default as any other.
 */
export async function propfindOne(
  client: WebdavClient,
  query: PropfindQuery,
  options: CallOptions = {},
  send: Send = (request) => client.send(request),
): Promise<{ raw: RawResponse; context: LockContext }> {
  const { resource, url } = query;
  const asksLockProps = client.tellsLockProps;
  const request = requestOf(client, query, options);
  const answer = await listing(request, send);
  const context = contextOf(client, answer, resource);
  let first: RawResponse | undefined;
  let named: RawResponse | undefined;
  let count = 0;
  const { family } = await readDav(answer, request, (response) => {
    count += 1;
    first ??= response;
    const names = response.hrefs.slice(0, maxHrefs);
    if (!names.some((href) => context.hrefs.resolve(href) === resource)) return;
    named = named ? mergedResponses(named, response) : response;
  });
  client.learnFamily(family);
  // Behind a proxy that rewrites paths the folder may differ, but not the name.
  const isNamesake =
    count === 1 && first?.hrefs.some((href) => isSameName(resource, context.hrefs.resolve(href)));
  const raw = named ?? (isNamesake ? first : undefined);
  if (!raw) throw failed('badAnswer', request, answer.status);
  if (refused(raw)) throw refusedBy(raw, request);
  // Without a trailing slash, one server omits a collection's lock and returns the href without slash.
  const collection = urlOf(resource, 'collection');
  if (raw.props.collection && url !== collection && !raw.hrefs.some((href) => href.endsWith('/')))
    return propfindOne(client, { ...query, url: collection }, options);
  if (client.tellsLockProps && !asksLockProps) return propfindOne(client, query, options);
  const { locks = [] } = raw.props;
  if (locks.length > 0) {
    client.learnListsLocks();
    await reportHolders(client, answer, resource, [{ resource, locks }]);
  }
  return { raw, context };
}

/** The root of a server has no name to compare. */
function isSameName(resource: ResourceId, answered: ResourceId | undefined): boolean {
  if (answered === undefined) return false;
  return parentOf(resource) === undefined || nameOf(resource) === nameOf(answered);
}

function requestOf(client: WebdavClient, query: PropfindQuery, { signal }: CallOptions): HttpRequest {
  const { resource, depth, url, supportedLock = false, brief = false } = query;
  return {
    method: 'PROPFIND',
    resource,
    url,
    headers: { depth, 'content-type': xmlType },
    body: propfindBody({ supportedLock, brief, nextcloud: client.tellsLockProps }),
    maxBytes: depth === '0' ? maxEntryBytes : maxListingBytes,
    signal,
  };
}

async function listing(request: HttpRequest, send: Send): Promise<HttpAnswer> {
  const answer = await send(request);
  if (answer.status === 207) return answer;
  if (answer.status >= 400) throw await refusal(answer, request);
  // Not WebDAV: for example a sign-in form, or a server that ignores the method.
  await answer.discard();
  throw failed('notWebdav', request, answer.status);
}

function contextOf(client: WebdavClient, answer: HttpAnswer, resource: ResourceId): LockContext {
  const requestedAt = client.sentAt(answer);
  return {
    identity: client.identity,
    hrefs: new HrefReader(resource),
    holders: new HolderReader(client.identity),
    expiries: new ExpiryReader(requestedAt, client.timeoutUnitMs),
    created: new Memo(dateOf),
    modified: new Memo(dateOf),
    requestedAt,
    date: dateOf(answer.headers['date']),
    skewMs: client.skewMs(answer),
    folderLocksCoverMembers: client.profile.folderLocksCoverMembers ?? false,
  };
}

function refused({ status }: RawResponse): boolean {
  return status !== undefined && status >= 300;
}

/** Some servers list names of resources that no longer exist, with status 404 or 410. */
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
