import { isFailure, type FailureKind, type RemoteFailure } from '../../../../core/model/failure';
import type { Lease } from '../../../../core/model/lease';
import { urlOf } from '../../../../core/model/resource';
import type { HttpRequest } from '../../../transport/http';
import { statusFailure } from '../../../transport/failures/statusKinds';
import type { WebdavClient } from '../../client';
import { refusal, refusalInside } from '../../refusal';
import { isPlainSuccess, unconfirmedSuccess } from '../../success';
import { fetchLocks } from './fetchLocks';
import { nextLook, sendFollowed } from '../nextLook';

/** Statuses for an UNLOCK of a lock that no longer exists (RFC 4918 section 9.11.1 specifies only 409). */
const notHeldStatuses = new Set([400, 404, 409, 410, 412]);

type UnlockOptions = Pick<HttpRequest, 'headers'>;
interface Unlocked {
  readonly wasHeld: boolean;
}

/**
 * UNLOCK (section 9.11). An already lost lock is no failure; one that is still listed afterwards is a
 * `serverFault`, whatever the response. Sent again once where the connection broke: no other lock has the same token.
 */
export async function unlock(
  client: WebdavClient,
  lease: Lease,
  options: UnlockOptions = {},
): Promise<Unlocked> {
  try {
    return await unlockOnce(client, lease, options);
  } catch (error) {
    if (!isFailure(error, 'interrupted')) throw error;
    return unlockAgain(client, lease, options);
  }
}

async function unlockAgain(client: WebdavClient, lease: Lease, options: UnlockOptions): Promise<Unlocked> {
  try {
    return await unlockOnce(client, lease, options);
  } catch (error) {
    // Without an answer, it is still open what the first request did.
    throw isFailure(error) && error.status === undefined ? error.as(error.kind, { maybeDone: true }) : error;
  }
}

async function unlockOnce(client: WebdavClient, lease: Lease, { headers }: UnlockOptions): Promise<Unlocked> {
  const { resource, token } = lease;
  // Once our token is not listed, it never is again: a look from before the UNLOCK shows that as well.
  const look = nextLook(client, resource, !client.profile.unlockProves);
  const request = {
    method: 'UNLOCK',
    resource,
    url: urlOf(resource, lease.depth === 'tree' ? 'collection' : 'file'),
    headers: { ...headers, 'lock-token': `<${token.reveal()}>` },
    ...(look && { next: look }),
  };
  const answer = await sendFollowed(client, request);
  const { status } = answer;
  const isSuccess = status >= 200 && status < 300 && status !== 207;
  if (isSuccess) await answer.discard();
  const refused = isSuccess
    ? undefined
    : status === 207
      ? await refusalInside(answer, request)
      : await refusal(answer, request);
  if (refused && !notHeldStatuses.has(refused.status ?? 0)) return afterRefusal(client, lease, refused);
  const isPage = isSuccess && !isPlainSuccess(answer);
  if (!refused && !isPage && client.profile.unlockProves) return { wasHeld: true };
  const early = isSuccess && !isPage ? await look?.seen : undefined;
  const isGone = early && !early.tokens.includes(token.reveal());
  const seen = isGone ? early : await fetchLocks(client, resource);
  const isListed = seen.tokens.includes(token.reveal());
  // It was answered first, and so would be each other.
  if (early && !isGone && !isListed) client.stopPipelining();
  // Another server's page confirms nothing, and without tokens a listed lock may be ours.
  if (isPage && (!seen.reported || seen.hidesTokens) && !seen.missing)
    throw unconfirmedSuccess(answer, request);
  if (isListed) throw stillHeld(refused ?? statusFailure(answer, request));
  // A lock that is listed now shows that ours had ended before, or what came after it.
  return { wasHeld: refused === undefined && seen.locks.length === 0 };
}

/** A server that fails may have released the lock before: only a look tells. */
async function afterRefusal(client: WebdavClient, lease: Lease, refused: RemoteFailure): Promise<Unlocked> {
  if ((refused.status ?? 0) < 500) throw refused;
  const { tokens, locks, reported, hidesTokens } = await fetchLocks(client, lease.resource);
  if (tokens.includes(lease.token.reveal())) throw stillHeld(refused, refused.kind);
  const isProof = reported && !hidesTokens && client.profile.listsLocks === true;
  if (!isProof) throw refused.as(refused.kind, { maybeDone: true });
  return { wasHeld: locks.length === 0 };
}

function stillHeld(failure: RemoteFailure, kind: FailureKind = 'serverFault'): RemoteFailure {
  return failure.as(kind, { maybeDone: false });
}
