import { isFailure, RemoteFailure } from '../../../core/failure';
import type { Lease } from '../../../core/lease';
import { parseOwnerText } from '../../../core/ownerText';
import type { CallOptions, LockWish } from '../../../core/ports';
import { type ResourceId, urlOf } from '../../../core/resource';
import type { HttpAnswer, HttpRequest } from '../../transport/http';
import { statusFailure } from '../../transport/statusKinds';
import type { WebdavClient } from '../client';
import { parseLockToken, timeoutHeader, xmlType } from '../headers';
import { lockBody } from '../names';
import type { RawLock } from '../raw';
import { refusal, refusalInside } from '../refusal';
import { isPlainSuccess } from '../success';
import { isSendable, lockIdOf } from '../token';
import { leaseOf, locksIn } from './lockAnswer';
import { look } from './look';
import { stat } from './propfind';
import { remove } from './remove';
import { unlock } from './unlock';

/**
 * LOCK (RFC 4918 section 9.10.1): an exclusive write lock on just this resource, which must exist. Fails with `locked`
 * where somebody else's stands, `notFound`, or `unsupported` where the server gives no exclusive lock.
 *
 * Cancelling it never leaves a lock behind that nobody knows of: what was sent is seen to its end, and a lock that was
 * granted after all is released again.
 */
export async function lock(
  client: WebdavClient,
  resource: ResourceId,
  wish: LockWish,
  { signal }: CallOptions = {},
): Promise<Lease> {
  if (signal?.aborted) throw cancelled(resource);
  const lease = await acquire(client, resource, wish);
  if (!signal?.aborted) return lease;
  await letGo(client, lease);
  throw cancelled(resource);
}

async function acquire(client: WebdavClient, resource: ResourceId, wish: LockWish): Promise<Lease> {
  const headers = { depth: '0', timeout: timeoutHeader(wish.seconds), 'content-type': xmlType };
  const body = lockBody(wish.owner);
  const request: HttpRequest = { method: 'LOCK', resource, url: urlOf(resource), headers, body };
  // A LOCK makes an empty file of a name that is free (section 7.3), except where this is honoured.
  const existing = { ...request, headers: { ...headers, 'if-match': '*' } };
  const answer = await sent(client, existing, wish);
  if (!('status' in answer)) return answer;
  if (answer.status !== 412) return taken(client, existing, answer, wish);
  await answer.discard();
  // Either the resource is missing, which is thrown here, or the condition was not understood.
  await stat(client, resource);
  const again = await sent(client, request, wish);
  return 'status' in again ? taken(client, request, again, wish) : again;
}

/** The answer; or, where it was lost on its way, the lock that was granted all the same. */
async function sent(client: WebdavClient, request: HttpRequest, wish: LockWish): Promise<HttpAnswer | Lease> {
  try {
    return await client.send(request);
  } catch (error) {
    const lease = isFailure(error, 'interrupted', 'timeout') && (await recovered(client, request, wish));
    if (lease) return lease;
    throw error;
  }
}

/** Our lock among those listed: nobody else writes this session's own id into an owner. */
async function recovered(
  client: WebdavClient,
  { resource }: HttpRequest,
  { owner, seconds }: LockWish,
): Promise<Lease | undefined> {
  if (parseOwnerText(owner)?.instanceId === undefined) return undefined;
  const since = client.now();
  const { locks } = await look(client, resource);
  const mine = locks.find(
    (raw) => raw.owner?.text.trim() === owner && raw.token && !client.identity.ownsLock(lockIdOf(raw.token)),
  );
  if (!mine?.token || !isSendable(mine.token)) return undefined;
  return leaseOf({ resource, token: mine.token, seconds, timeout: mine.timeout, since });
}

async function taken(
  client: WebdavClient,
  request: HttpRequest,
  answer: HttpAnswer,
  wish: LockWish,
): Promise<Lease> {
  const { resource } = request;
  if (answer.status === 207) throw (await refusalInside(answer, request)) ?? statusFailure(answer, request);
  if (!isPlainSuccess(answer)) throw await refusal(answer, request);

  const told = parseLockToken(answer.headers['lock-token']);
  const shown = await locksIn(answer, request);
  const token = told ?? onlyToken(shown);
  if (token === undefined) {
    const code = 'NO_LOCK_TOKEN';
    throw statusFailure(answer, request, { code, maybeDone: true }).as('badAnswer');
  }
  const locks = shown ?? (await look(client, resource)).locks;
  const mine = locks.find((raw) => raw.token === token);
  const timeout = mine?.timeout ?? answer.headers['timeout'];
  const since = client.sentAt(answer);
  const lease = leaseOf({ resource, token, seconds: wish.seconds, timeout, since });
  if (answer.status === 201 && (await isMade(client, resource))) {
    await takeAway(client, lease);
    throw statusFailure(answer, request).as('notFound');
  }
  if (mine && isShared(mine)) {
    await letGo(client, lease);
    throw statusFailure(answer, request, { code: 'SHARED_LOCK_GRANTED' }).as('unsupported');
  }
  return lease;
}

/** Where there is no header, a single lock in the body must be the one that was just given. */
function onlyToken(locks: readonly RawLock[] | undefined): string | undefined {
  const token = locks?.length === 1 ? locks[0]?.token : undefined;
  return token !== undefined && isSendable(token) ? token : undefined;
}

function isShared({ scopes }: RawLock): boolean {
  return scopes.includes('shared') && !scopes.includes('exclusive');
}

/** Only an empty file can be what our LOCK has made: a server may as well mean the lock by its "Created". */
async function isMade(client: WebdavClient, resource: ResourceId): Promise<boolean> {
  const { entry, missing } = await look(client, resource);
  return missing || (entry?.kind === 'file' && entry.version.size === 0);
}

/** The file was gone and our LOCK has made an empty one in its place: it is taken away again under our lock. */
async function takeAway(client: WebdavClient, lease: Lease): Promise<void> {
  try {
    await remove(client, { resource: lease.resource, kind: 'file' }, { leases: [lease] });
  } catch (error) {
    if (!isFailure(error)) throw error;
    await letGo(client, lease);
  }
}

/** Releases as well as it can be done: what stays ends by its own timeout. */
async function letGo(client: WebdavClient, lease: Lease): Promise<void> {
  try {
    await unlock(client, lease);
  } catch (error) {
    if (!isFailure(error)) throw error;
  }
}

function cancelled(resource: ResourceId): RemoteFailure {
  return new RemoteFailure('cancelled', { resource, method: 'LOCK', code: 'ABORTED' });
}
