import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { CallOptions, WriteGuard } from '../../core/model/ports';
import { compareVersions, ifMatch } from '../../core/model/version';
import type { HttpAnswer, HttpRequest } from '../transport/http';
import type { WebdavClient } from './client';
import { ifHeader, type IfForm } from './headers';
import { fetchLocks } from './operations/locking/fetchLocks';
import { isPerhapsSwapped, sendFollowed, type NextLook } from './operations/nextLook';
import { isRefreshed } from './operations/locking/refreshRequest';
import { refusal, refusalInside } from './refusal';
import { unconfirmedSuccess, isPlainSuccess } from './success';

/** A write request before lock tokens and conditions are added. */
export type Write = Omit<HttpRequest, 'signal' | 'next'> & { readonly next?: NextLook };

/**
 * Sends a write with our lock tokens and preconditions. Throws every refusal, including one inside a 207. If the
 * server refuses although it lists or refreshes our lock, retries once with the other If header form: a proxy may have renamed
 * the host, and servers differ in how they compare URLs.
 */
export async function sendGuarded(
  client: WebdavClient,
  write: Write,
  guard: WriteGuard,
  options: CallOptions = {},
): Promise<HttpAnswer> {
  const form = formFor(client, write);
  const first = await attempt(client, guardedRequest(write, guard, form, options));
  if (!isFailure(first)) return first;
  if (client.avoidsOtherForm(write.method) || !(await isIfHeaderMisread(client, first, write, guard)))
    throw first;
  const second = await attemptOnce(client, guardedRequest(write, guard, other(form), options));
  // What may have been done in part must not be hidden by a plain refusal.
  if (isFailure(second)) throw second.facts.maybeDone === true ? second : first;
  client.learnOtherForm(write.method);
  return second;
}

/** Tagged lists are understood by the most servers; an untagged one has ended a server's process. */
function formFor(client: WebdavClient, { method }: Write): IfForm {
  const form = client.profile.untagged.includes(method) ? 'untagged' : 'tagged';
  return client.needsOtherForm(method) ? other(form) : form;
}

function other(form: IfForm): IfForm {
  return form === 'tagged' ? 'untagged' : 'tagged';
}

function guardedRequest(
  write: Write,
  guard: WriteGuard,
  form: IfForm,
  { signal }: CallOptions,
): Write & Pick<HttpRequest, 'signal'> {
  const submitted = ifHeader(guard.leases, form);
  const replaces = ifMatch(guard.replaces);
  const headers = {
    ...write.headers,
    ...(submitted === undefined ? {} : { if: submitted }),
    ...(replaces === undefined ? {} : { 'if-match': replaces }),
    ...(guard.mustBeNew ? { 'if-none-match': '*' } : {}),
  };
  return { ...write, headers, signal };
}

async function attempt(client: WebdavClient, request: Write): Promise<HttpAnswer | RemoteFailure> {
  const answer = await sendFollowed(client, request);
  if (isPerhapsSwapped(answer, request)) {
    // The answer to the write is as good as lost.
    client.stopPipelining();
    await answer.discard();
    return unconfirmedSuccess(answer, request).as('interrupted');
  }
  if (answer.status === 207) return (await refusalInside(answer, request)) ?? answer;
  if (answer.status < 200 || answer.status >= 300) return refusal(answer, request);
  await answer.discard();
  return isPlainSuccess(answer) ? answer : unconfirmedSuccess(answer, request);
}

/** Never again in this form where it gets no answer, or each save would end the server once more. */
async function attemptOnce(client: WebdavClient, request: Write): Promise<HttpAnswer | RemoteFailure> {
  try {
    return await attempt(client, request);
  } catch (error) {
    // Two requests at once may have ended the connection instead.
    if (isFailure(error, 'interrupted') && !request.next?.isSent) client.learnUnansweredForm(request.method);
    throw error;
  }
}

/** Some servers refuse with 403 whatever they refuse. */
const misreadStatuses = new Set([403, 412, 423, 424]);

/** Whether the server must have misread our If header: our locks are still held and the content did not change. */
async function isIfHeaderMisread(
  client: WebdavClient,
  failure: RemoteFailure,
  write: Write,
  { leases, replaces }: WriteGuard,
): Promise<boolean> {
  // After a refusal inside a 207, part of the change may have been made.
  if (leases.length === 0 || failure.facts.maybeDone === true) return false;
  if (failure.facts.status === undefined || !misreadStatuses.has(failure.facts.status)) return false;
  for (const lease of leases) {
    const seen = await fetchLocks(client, lease.resource);
    const isListed = seen.tokens.includes(lease.token.reveal());
    const listsNothing = seen.locks.length === 0 && client.profile.listsLocks !== true;
    const cannotTell = !seen.missing && (!seen.reported || seen.hidesTokens || listsNothing);
    if (!isListed && !(cannotTell && (await isRefreshed(client, lease)))) return false;
    const isWritten = lease.resource === write.resource && replaces !== undefined;
    if (isWritten && seen.entry && compareVersions(replaces, seen.entry.version) === 'changed') return false;
  }
  return true;
}
