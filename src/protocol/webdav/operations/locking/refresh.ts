import { RemoteFailure } from '../../../../core/model/failure';
import type { Lease } from '../../../../core/model/lease';
import type { HttpAnswer, HttpRequest } from '../../../transport/http';
import type { WebdavClient } from '../../client';
import { parseLockToken } from '../../headers';
import type { RawLock } from '../../reading/raw';
import { refusal, refusalInside } from '../../refusal';
import { fetchLocks, type ListedLocks } from './fetchLocks';
import { leaseOf, locksIn, refreshedLease } from './lockAnswer';
import { refreshRequest } from './refreshRequest';
import { undoCreatedFile } from './undoLock';
import { unlock } from './unlock';

/** Statuses that may mean that the lock is lost; servers differ in which they use. */
const maybeLostStatuses = new Set([400, 404, 409, 410, 412, 423]);

/**
 * Refreshes our lock (RFC 4918 section 9.10.2). A success that proves nothing is verified with a PROPFIND. Fails
 * with `leaseLost` if the server no longer lists our token.
 */
export async function refresh(client: WebdavClient, lease: Lease, seconds: number): Promise<Lease> {
  const token = lease.token.reveal();
  const request = refreshRequest(lease, seconds);
  const answer = await client.send(request);
  const refused = await refusalOf(answer, request);
  if (refused) throw await asLeaseLost(client, lease, refused);

  // A 207 is read already, and its members tell of no lock.
  const shown = answer.status === 207 ? undefined : await locksIn(answer, request);
  const mine = shown?.find((raw) => raw.token === token);
  if (!mine) await refuseNewLock(client, lease, { answer, shown });
  const reportedTimeout = mine?.timeout ?? answer.headers['timeout'];
  const renew = (timeout: string | undefined) =>
    refreshedLease(lease, { seconds, timeout, since: client.sentAt(answer) });
  if (mine && client.profile.refreshProves) return renew(reportedTimeout);
  const seen = await fetchLocks(client, lease.resource);
  if (isLost(client, lease, seen)) throw lost(lease, answer.status, seen);
  return renew(reportedTimeout ?? seen.locks.find((raw) => raw.token === token)?.timeout);
}

async function refusalOf(answer: HttpAnswer, request: HttpRequest): Promise<RemoteFailure | undefined> {
  if (answer.status === 207) return refusalInside(answer, request);
  return answer.status >= 200 && answer.status < 300 ? undefined : refusal(answer, request);
}

/** Turns a refusal into `leaseLost` if the lock is not listed, or by status if the server lists no locks. */
async function asLeaseLost(
  client: WebdavClient,
  lease: Lease,
  refused: RemoteFailure,
): Promise<RemoteFailure> {
  const status = refused.status ?? 0;
  if (!maybeLostStatuses.has(status)) return refused;
  const seen = await fetchLocks(client, lease.resource);
  if (seen.tokens.includes(lease.token.reveal())) return refused;
  const isConfirmed =
    (seen.reported && !seen.hidesTokens) || seen.missing || [404, 409, 410, 412].includes(status);
  return isConfirmed ? refused.as('leaseLost', withReason(seen)) : refused;
}

/** Removes the new lock, and the file created for it, that one server returns on refresh of a lost lock. */
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
  if (!(await undoCreatedFile(client, unwanted, answer))) await unlock(client, unwanted);
  throw lost(lease, answer.status);
}

/** An unlisted lock is a lost lock only on a server that lists locks. */
function isLost(client: WebdavClient, lease: Lease, seen: ListedLocks): boolean {
  if (seen.missing) return true;
  if (!seen.reported || seen.hidesTokens || seen.tokens.includes(lease.token.reveal())) return false;
  return client.profile.listsLocks === true;
}

function lost({ resource }: Lease, status: number, seen?: ListedLocks): RemoteFailure {
  return new RemoteFailure('leaseLost', { resource, method: 'LOCK', status, ...(seen && withReason(seen)) });
}

/** A lock may outlive its file, unlisted. */
function withReason({ missing }: ListedLocks): { readonly code?: string } {
  return missing ? { code: 'FILE_MISSING' } : {};
}
