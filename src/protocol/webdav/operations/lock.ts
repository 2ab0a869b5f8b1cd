import { isFailure, RemoteFailure } from '../../../core/model/failure';
import type { Lease } from '../../../core/model/lease';
import type { CallOptions, LockRequest } from '../../../core/model/ports';
import { type ResourceId, urlOf } from '../../../core/model/resource';
import type { HttpAnswer, HttpRequest } from '../../transport/http';
import { statusFailure } from '../../transport/statusKinds';
import type { WebdavClient } from '../client';
import { parseLockToken, timeoutHeader, xmlType } from '../headers';
import { lockBody } from '../../xml/names';
import type { RawLock } from '../raw';
import { refusal, refusalInside } from '../refusal';
import { isPlainSuccess } from '../success';
import { isSendable } from '../token';
import { leaseOf, locksIn } from './lockAnswer';
import { look } from './look';
import { stat } from './propfind';
import { mayStand, recovered } from './recovered';
import { letGo, undoMade } from './undoLock';

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
  lockRequest: LockRequest,
  { signal }: CallOptions = {},
): Promise<Lease> {
  if (signal?.aborted) throw cancelled(resource);
  const lease = await acquire(client, resource, lockRequest);
  if (!signal?.aborted) return lease;
  await letGo(client, lease);
  throw cancelled(resource);
}

async function acquire(client: WebdavClient, resource: ResourceId, lockRequest: LockRequest): Promise<Lease> {
  const since = client.now();
  try {
    return await asked(client, resource, lockRequest);
  } catch (error) {
    if (!isFailure(error) || !mayStand(error)) throw error;
    return recovered(client, error, { resource, lockRequest, since });
  }
}

async function asked(client: WebdavClient, resource: ResourceId, lockRequest: LockRequest): Promise<Lease> {
  const headers = { depth: '0', timeout: timeoutHeader(lockRequest.seconds), 'content-type': xmlType };
  const body = lockBody(lockRequest.owner);
  const request: HttpRequest = { method: 'LOCK', resource, url: urlOf(resource), headers, body };
  // A LOCK makes an empty file of a name that is free (section 7.3), except where this is honoured.
  const existing = { ...request, headers: { ...headers, 'if-match': '*' } };
  const answer = await client.send(existing);
  if (answer.status !== 412) return taken(client, existing, answer, lockRequest);
  await answer.discard();
  // Either the resource is missing, which is thrown here, or the condition was not understood.
  await stat(client, resource);
  return taken(client, request, await client.send(request), lockRequest);
}

async function taken(
  client: WebdavClient,
  request: HttpRequest,
  answer: HttpAnswer,
  lockRequest: LockRequest,
): Promise<Lease> {
  const { resource } = request;
  if (answer.status === 207) throw (await refusalInside(answer, request)) ?? statusFailure(answer, request);
  if (!isPlainSuccess(answer)) throw await refusal(answer, request, client.product);

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
  const lease = leaseOf({ resource, token, seconds: lockRequest.seconds, timeout, since });
  // Some check the condition for a write alone, and make the file all the same.
  if (await undoMade(client, lease, answer)) throw statusFailure(answer, request).as('notFound');
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

function cancelled(resource: ResourceId): RemoteFailure {
  return new RemoteFailure('cancelled', { resource, method: 'LOCK', code: 'ABORTED' });
}
