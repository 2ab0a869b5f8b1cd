import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { CallOptions, WriteGuard } from '../../core/model/ports';
import { compareVersions, ifMatch } from '../../core/model/version';
import type { HttpAnswer, HttpRequest } from '../transport/http';
import type { WebdavClient } from './client';
import { ifHeader, type IfForm, usualForm } from './headers';
import { look } from './operations/look';
import { refusal, refusalInside } from './refusal';
import { doubtful, isPlainSuccess } from './success';

/** A write without what makes it safe. */
export type Write = Omit<HttpRequest, 'signal'>;

/**
 * Sends a write with our locks and conditions and returns its success; every refusal, also one inside a 207, is thrown.
 * Where the server refuses although it lists our lock, the If header in its other form is tried once: a proxy may have
 * renamed the host, and servers differ in how they compare addresses.
 */
export async function sendGuarded(
  client: WebdavClient,
  write: Write,
  guard: WriteGuard,
  options: CallOptions = {},
): Promise<HttpAnswer> {
  const form = formFor(client, write, guard);
  const first = await attempt(client, guardedRequest(write, guard, form, options));
  if (!isFailure(first)) return first;
  if (!(await isMisread(client, first, write, guard))) throw first;
  const second = await attempt(client, guardedRequest(write, guard, other(form), options));
  if (isFailure(second)) throw first;
  client.learnOtherForm(write.method);
  return second;
}

function formFor(client: WebdavClient, { method, resource }: Write, { leases }: WriteGuard): IfForm {
  const form = client.profile.untagged.includes(method) ? 'untagged' : usualForm(method, resource, leases);
  return client.needsOtherForm(method) ? other(form) : form;
}

function other(form: IfForm): IfForm {
  return form === 'tagged' ? 'untagged' : 'tagged';
}

function guardedRequest(write: Write, guard: WriteGuard, form: IfForm, { signal }: CallOptions): HttpRequest {
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

async function attempt(client: WebdavClient, request: HttpRequest): Promise<HttpAnswer | RemoteFailure> {
  const answer = await client.send(request);
  if (answer.status === 207) return (await refusalInside(answer, request)) ?? answer;
  if (answer.status < 200 || answer.status >= 300) return refusal(answer, request, client.product);
  await answer.discard();
  return isPlainSuccess(answer) ? answer : doubtful(answer, request);
}

/** Whether the refusal must be about how our locks were submitted: they stand, and nothing else has changed. */
async function isMisread(
  client: WebdavClient,
  failure: RemoteFailure,
  write: Write,
  { leases, replaces }: WriteGuard,
): Promise<boolean> {
  // A refusal inside a 207 may have been carried out in part.
  if (leases.length === 0 || failure.facts.maybeDone === true) return false;
  if (failure.facts.status === undefined || ![412, 423, 424].includes(failure.facts.status)) return false;
  for (const lease of leases) {
    const seen = await look(client, lease.resource);
    if (!seen.tokens.includes(lease.token.reveal())) return false;
    const isWritten = lease.resource === write.resource && replaces !== undefined;
    if (isWritten && seen.entry && compareVersions(replaces, seen.entry.version) === 'changed') return false;
  }
  return true;
}
