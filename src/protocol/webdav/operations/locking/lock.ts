import { isFailure, RemoteFailure } from '../../../../core/model/failure';
import type { Lease } from '../../../../core/model/lease';
import type { LockOptions, LockRequest, RemoteEntry } from '../../../../core/model/ports';
import { type ResourceId, urlOf } from '../../../../core/model/resource';
import type { HttpAnswer } from '../../../transport/http';
import { statusFailure } from '../../../transport/failures/statusKinds';
import type { WebdavClient } from '../../client';
import { parseLockToken, timeoutHeader, xmlType } from '../../headers';
import { lockBody } from '../../requestBodies';
import type { RawLock } from '../../reading/raw';
import { refusal, refusalInside } from '../../refusal';
import { isPlainSuccess, unconfirmedSuccess } from '../../success';
import { parseTimeout } from '../../reading/timeout';
import { isSendable } from '../../reading/token';
import { leaseOf, locksIn } from './lockAnswer';
import { fetchLocks } from './fetchLocks';
import { isPerhapsSwapped, nextLook, sendFollowed, type Followed, type NextLook } from '../nextLook';
import { stat } from '../propfind';
import { isEnforced } from './lockability';
import { mayHoldLock, recoverLock } from './recoverLock';
import { tryUnlock } from './undoLock';

/**
 * LOCK (RFC 4918 section 9.10.1): takes an exclusive write lock on an existing resource, or on a missing one if
 * the request says so. Fails with `locked` if another lock conflicts, `notFound`, or `unsupported` if the server
 * grants no exclusive lock.
 *
 * Canceling never leaves an unknown lock behind: a sent request runs to its end, and a granted lock is released.
 */
export async function lock(
  client: WebdavClient,
  resource: ResourceId,
  lockRequest: LockRequest,
  options: LockOptions = {},
): Promise<Lease> {
  const { signal } = options;
  if (signal?.aborted) throw canceled(resource);
  const lease = await acquire(client, resource, lockRequest, options);
  if (!signal?.aborted) return lease;
  await tryUnlock(client, lease);
  throw canceled(resource);
}

async function acquire(
  client: WebdavClient,
  resource: ResourceId,
  lockRequest: LockRequest,
  { looksBehind = false, isLook = false, onSeen }: LockOptions,
): Promise<Lease> {
  const since = client.now();
  // Where no lock is ever listed, the look would show nothing of it.
  const look = nextLook(client, resource, looksBehind && client.profile.listsLocks === true);
  try {
    const lease = await sendLock(client, { resource, lockRequest, look });
    const seen = await look?.seen;
    if (seen?.entry && seen.tokens.includes(lease.token.reveal())) onSeen?.(withoutLocks(seen.entry));
    // It was answered first, and so would be each other.
    else if (seen && !seen.hidesTokens) client.stopPipelining();
    return lease;
  } catch (error) {
    if (!isFailure(error) || !mayHoldLock(error) || lockRequest.mark === undefined) throw error;
    if (isLook && error.kind === 'locked') throw error;
    // A listed lock may be the one that refused ours; without any, what refused it came later.
    const early = isFailure(error, 'locked') ? await look?.seen : undefined;
    const seen = early && early.locks.length > 0 ? early : await fetchLocks(client, resource);
    if (seen.entry && isFailure(error, 'locked')) onSeen?.(seen.entry);
    return recoverLock(client, error, { resource, lockRequest, since, seen });
  }
}

/** It was read before the lock was known to be ours: the grant says better whose it is. */
function withoutLocks(entry: RemoteEntry): RemoteEntry {
  return { ...entry, listing: { ...entry.listing, asked: false } };
}

interface SentLock {
  readonly resource: ResourceId;
  readonly lockRequest: LockRequest;
  /** Sent right behind it. */
  readonly look: NextLook | undefined;
}

async function sendLock(client: WebdavClient, { resource, lockRequest, look }: SentLock): Promise<Lease> {
  const { depth = 'self', seconds, owner, mayCreate = false } = lockRequest;
  const isTree = depth === 'tree';
  const headers = {
    depth: isTree ? 'infinity' : '0',
    timeout: timeoutHeader(seconds),
    'content-type': xmlType,
  };
  const url = urlOf(resource, isTree ? 'collection' : 'file');
  const body = lockBody(owner);
  const request: Followed = { method: 'LOCK', resource, url, headers, body, ...(look && { next: look }) };
  if (mayCreate || isTree)
    return leaseFromAnswer(client, request, await sendFollowed(client, request), lockRequest);
  // LOCK of a missing file creates an empty one (section 7.3), unless the server checks its If-Match.
  if (client.profile.checksLockCondition !== true) await stat(client, resource);
  const existing = { ...request, headers: { ...headers, 'if-match': '*' } };
  const answer = await sendFollowed(client, existing);
  if (answer.status !== 412) return leaseFromAnswer(client, existing, answer, lockRequest);
  await answer.discard();
  // Either the resource is missing, which `stat` throws, or the server misunderstood the condition.
  await stat(client, resource);
  return leaseFromAnswer(client, request, await sendFollowed(client, request), lockRequest);
}

async function leaseFromAnswer(
  client: WebdavClient,
  request: Followed,
  answer: HttpAnswer,
  { seconds, depth = 'self' }: LockRequest,
): Promise<Lease> {
  const { resource } = request;
  if (isPerhapsSwapped(answer, request)) {
    client.stopPipelining();
    await answer.discard();
    throw unconfirmedSuccess(answer, request).as('interrupted');
  }
  if (answer.status === 207) throw (await refusalInside(answer, request)) ?? statusFailure(answer, request);
  if (!isPlainSuccess(answer)) throw await refusal(answer, request);

  const headerToken = parseLockToken(answer.headers['lock-token']);
  const shown = await locksIn(answer, request);
  const token = headerToken ?? onlyToken(shown);
  if (token === undefined) {
    const code = 'NO_LOCK_TOKEN';
    throw statusFailure(answer, request, { code, maybeDone: true }).as('badAnswer');
  }
  const locks = shown ?? (await fetchLocks(client, resource)).locks;
  const mine = locks.find((raw) => raw.token === token);
  const timeout = mine?.timeout ?? answer.headers['timeout'];
  client.learnTimeoutUnit(parseTimeout(timeout), seconds);
  const since = client.sentAt(answer);
  const lease = leaseOf({ resource, token, seconds, timeout, since, depth });
  if (mine && isShared(mine)) {
    await tryUnlock(client, lease);
    throw statusFailure(answer, request, { code: 'SHARED_LOCK_GRANTED' }).as('unsupported');
  }
  // A LOCK that works must return the header (section 9.10.1): some servers grant locks only in appearance.
  if (headerToken === undefined && !(await isEnforced(client, lease, request)))
    throw statusFailure(answer, request, { code: 'LOCK_NOT_ENFORCED' }).as('unsupported');
  return lease;
}

/** Without a Lock-Token header, a single lock in the body must be the one just granted. */
function onlyToken(locks: readonly RawLock[] | undefined): string | undefined {
  const token = locks?.length === 1 ? locks[0]?.token : undefined;
  return token !== undefined && isSendable(token) ? token : undefined;
}

function isShared({ scopes }: RawLock): boolean {
  return scopes.includes('shared') && !scopes.includes('exclusive');
}

function canceled(resource: ResourceId): RemoteFailure {
  return new RemoteFailure('canceled', { resource, method: 'LOCK', code: 'ABORTED' });
}
