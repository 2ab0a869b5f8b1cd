import { RemoteFailure } from '../../../core/model/failure';
import type { Lease } from '../../../core/model/lease';
import type { CallOptions } from '../../../core/model/ports';
import { urlOf } from '../../../core/model/resource';
import type { HttpAnswer, HttpRequest } from '../../transport/http';
import type { WebdavClient } from '../client';
import { parseLockToken, timeoutHeader } from '../headers';
import type { RawLock } from '../raw';
import { refusal, refusalInside } from '../refusal';
import { leaseOf, locksIn, renewed } from './lockAnswer';
import { look, type ListedLocks } from './look';
import { undoMade } from './undoLock';
import { unlock } from './unlock';

/** Answers that may mean that the lock is gone; which of them a server gives is its own choice. */
const doubtful = new Set([400, 404, 409, 410, 412, 423]);

/**
 * Refreshes our lock (RFC 4918 section 9.10.2). A success counts only where the server shows our own token; fails with
 * `leaseLost` where it no longer does.
 */
export async function refresh(
  client: WebdavClient,
  lease: Lease,
  seconds: number,
  { signal }: CallOptions = {},
): Promise<Lease> {
  const token = lease.token.reveal();
  const request: HttpRequest = {
    method: 'LOCK',
    resource: lease.resource,
    url: urlOf(lease.resource, lease.depth === 'tree' ? 'collection' : 'file'),
    headers: {
      // Ignored by the RFC, but without it one server makes the lock one of infinite depth.
      depth: lease.depth === 'tree' ? 'infinity' : '0',
      if: `(<${token}>)`,
      timeout: timeoutHeader(seconds),
    },
    signal,
  };
  const answer = await client.send(request);
  const refused = await refusalOf(client, answer, request);
  if (refused) throw await understood(client, lease, refused);

  const shown = await locksIn(answer, request);
  const mine = shown?.find((raw) => raw.token === token);
  if (!mine) await refuseNewLock(client, lease, { answer, shown });
  const told = mine?.timeout ?? answer.headers['timeout'];
  const renew = (timeout: string | undefined) =>
    renewed(lease, { seconds, timeout, since: client.sentAt(answer) });
  if (mine && client.profile.refreshProves) return renew(told);
  const seen = await look(client, lease.resource);
  if (isGone(client, lease, seen)) throw lost(lease, answer.status);
  return renew(told ?? seen.locks.find((raw) => raw.token === token)?.timeout);
}

async function refusalOf(
  client: WebdavClient,
  answer: HttpAnswer,
  request: HttpRequest,
): Promise<RemoteFailure | undefined> {
  if (answer.status === 207) return refusalInside(answer, request);
  return answer.status >= 200 && answer.status < 300 ? undefined : refusal(answer, request, client.product);
}

/** After a refusal: lost where the lock is listed no longer, or where a server that never lists says so. */
async function understood(
  client: WebdavClient,
  lease: Lease,
  refused: RemoteFailure,
): Promise<RemoteFailure> {
  const status = refused.status ?? 0;
  if (!doubtful.has(status)) return refused;
  const seen = await look(client, lease.resource);
  if (seen.tokens.includes(lease.token.reveal())) return refused;
  const isSaid = seen.reported || seen.missing || [404, 409, 410, 412].includes(status);
  return isSaid ? refused.as('leaseLost') : refused;
}

/** One server answers the refresh of a dead lock with a new lock, which nobody has asked for, and a file to go with it. */
async function refuseNewLock(
  client: WebdavClient,
  lease: Lease,
  { answer, shown }: { answer: HttpAnswer; shown: readonly RawLock[] | undefined },
): Promise<void> {
  const token = parseLockToken(answer.headers['lock-token']);
  if (token === undefined || token === lease.token.reveal()) return;
  if (!shown?.some((raw) => raw.token === token)) return;
  const { resource } = lease;
  const since = client.sentAt(answer);
  const unwanted = leaseOf({ resource, token, seconds: 0, timeout: undefined, since });
  if (!(await undoMade(client, unwanted, answer))) await unlock(client, unwanted);
  throw lost(lease, answer.status);
}

/** Not listed proves something only where locks are listed at all. */
function isGone(client: WebdavClient, lease: Lease, seen: ListedLocks): boolean {
  if (seen.missing) return true;
  if (!seen.reported || seen.tokens.includes(lease.token.reveal())) return false;
  return client.profile.listsLocks === true;
}

function lost({ resource }: Lease, status: number): RemoteFailure {
  return new RemoteFailure('leaseLost', { resource, method: 'LOCK', status });
}
