import { type FailureFacts, type FailureKind, isFailure, type RemoteFailure } from '../../core/model/failure';
import { reportsLock, type RefusalInfo, type RefusedMember } from '../../core/model/refusalInfo';
import { resolveHref, type ResourceId } from '../../core/model/resource';
import { readRefusal } from '../refusals/read';
import { safeLine } from '../refusals/values';
import type { HttpAnswer, HttpRequest } from '../transport/http';
import { kindOfStatus, statusFailure } from '../transport/statusKinds';
import { DavReader } from './davReader';
import { errorBodyBytes, readErrorBody } from './errorBody';
import { readDav } from './multistatus';
import type { RawResponse } from './raw';
import { unconfirmedSuccess } from './success';
import { parseXmlText, XmlError } from '../xml/xml';

/** Conditions that mean a lock blocks the request, whatever the status. */
const lockConditions = new Set(['lock-token-submitted', 'no-conflicting-lock']);
/** Methods whose 409 means that the parent folder is missing (RFC 4918 sections 9.3, 9.7, 9.8, 9.9, 9.10). */
const methodsNeedingParent = new Set(['PUT', 'MKCOL', 'COPY', 'MOVE', 'LOCK']);
const failedDependency = 424;
/** Nobody reads a longer list of members. */
const maxMembers = 10_000;
/** Maximum total length of the hrefs of all members. */
const maxHrefLength = 1 << 20;
const treeMethods = new Set(['DELETE', 'MOVE', 'COPY']);

type SentRequest = Pick<HttpRequest, 'method' | 'resource'>;

/**
 * Turns a refusal into a failure with the details of its body; `product` is the usual `Server` header. Never
 * rejects: an incomplete body is ignored.
 */
export async function refusal(
  answer: HttpAnswer,
  request: SentRequest,
  product: string | undefined,
): Promise<RemoteFailure> {
  const body = await bodyOf(answer);
  const members = membersIn(body);
  if (members) return membersFailure(answer, request, members) ?? statusFailure(answer, request);
  const { condition, code, hrefs, text = officeMessage(answer) } = readErrorBody(body);
  const refusal = readRefusal({
    ...request,
    status: answer.status,
    headers: answer.headers,
    body,
    ...(product !== undefined && { product }),
  });
  const failure = statusFailure(answer, request, {
    ...(condition === undefined ? {} : { condition }),
    ...(code === undefined ? {} : { code }),
    ...rootsOf(request.resource, hrefs),
    refusal,
    ...(text === undefined ? {} : { serverText: text }),
  });
  const kind = isOthersLock(answer.status, request.method, refusal)
    ? 'locked'
    : kindOf(answer.status, request.method, condition);
  return kind === undefined ? failure : failure.as(kind);
}

/**
 * Reads a 207 to a change: undefined if all members succeeded, else the refusal inside it (RFC 4918 section 13). A
 * 207 without members does not confirm the change.
 */
export async function refusalInside(
  answer: HttpAnswer,
  request: SentRequest,
): Promise<RemoteFailure | undefined> {
  const members: RawResponse[] = [];
  let remaining = maxHrefLength;
  let isEmpty = true;
  await readDav(answer, request, (member) => {
    isEmpty = false;
    if (refusedStatus(member) === undefined || members.length >= maxMembers) return;
    for (const href of member.hrefs) remaining -= href.length;
    // Without its names it would be taken for the requested resource.
    if (remaining >= 0) members.push(member);
  });
  return isEmpty ? unconfirmedSuccess(answer, request) : membersFailure(answer, request, members);
}

/** `X-MSDAVEXT_ERROR: 589838; The%20file…` (MS-WDV section 2.2.3): SharePoint's message, missing in the body. */
function officeMessage({ headers }: HttpAnswer): string | undefined {
  const text = /^\s*\d+\s*;\s*(.*)$/s.exec(headers['x-msdavext_error'] ?? '')?.[1];
  if (!text) return undefined;
  const plain = /%(?![0-9a-f]{2})/i.test(text)
    ? text
    : new URLSearchParams(`t=${text.replace(/[&+]/g, ' ')}`).get('t');
  return safeLine(plain, 500);
}

/** Git LFS, Box, SAP and others use 403 or 409 for RFC 4918's 423. For UNLOCK these mean a missing permission. */
function isOthersLock(status: number, method: string, refusal: RefusalInfo): boolean {
  return (status === 403 || status === 409) && method !== 'UNLOCK' && reportsLock(refusal);
}

function kindOf(status: number, method: string, condition: string | undefined): FailureKind | undefined {
  if (condition !== undefined && lockConditions.has(condition)) return 'locked';
  if (status === 409 && condition === undefined && methodsNeedingParent.has(method)) return 'parentMissing';
  if (status === 405 && method === 'MKCOL') return 'exists';
  return undefined;
}

function membersFailure(
  answer: HttpAnswer,
  { method, resource }: SentRequest,
  responses: readonly RawResponse[],
): RemoteFailure | undefined {
  const members: RefusedMember[] = [];
  const roots: string[] = [];
  let condition: string | undefined;
  for (const response of responses) {
    const status = refusedStatus(response);
    if (status === undefined) continue;
    condition ??= response.conditions?.[0];
    roots.push(...(response.conditionHrefs ?? []));
    // A refusal without href applies to the request's resource.
    const named = response.hrefs.length === 0 ? [''] : response.hrefs;
    for (const href of named.slice(0, maxMembers - members.length))
      members.push({ resource: (href && resolveHref(resource, href)) || resource, status });
  }
  if (members.length === 0) return undefined;
  // A 424 only follows from another member's refusal.
  const causes = members.filter(({ status }) => status !== failedDependency);
  const statuses = new Set((causes.length > 0 ? causes : members).map(({ status }) => status));
  const [only] = statuses.size === 1 ? statuses : [];
  const kind = statuses.has(423) ? 'locked' : only === undefined ? 'partly' : kindOfStatus(only);
  const lockedMembers = members.filter(({ status }) => status === 423).map((member) => member.resource);
  const facts: Partial<FailureFacts> = {
    status: kind === 'locked' ? 423 : (only ?? answer.status),
    ...(condition === undefined ? {} : { condition }),
    ...(kind === 'locked' ? { roots: rootsOf(resource, roots).roots ?? lockedMembers } : {}),
    members: causes.length > 0 ? causes : members,
    // A change to a whole tree may have been made to part of it.
    ...(answer.status === 207 && treeMethods.has(method) ? { maybeDone: true } : {}),
  };
  const moreSpecific = only === undefined ? undefined : kindOf(only, method, condition);
  return statusFailure(answer, { method, resource }, facts).as(moreSpecific ?? kind);
}

/** The status of a refused response, or of its propstat: one server refuses a LOCK that way. */
function refusedStatus({ status, refusals }: RawResponse): number | undefined {
  if (status !== undefined) return status >= 300 ? status : undefined;
  return refusals?.find((refused) => refused !== failedDependency) ?? refusals?.[0];
}

async function bodyOf(answer: HttpAnswer): Promise<string> {
  try {
    return await answer.text(errorBodyBytes);
  } catch (error) {
    if (isFailure(error)) return '';
    throw error;
  }
}

function membersIn(body: string): RawResponse[] | undefined {
  if (!/<(?:[\w.-]+:)?multistatus\b/.test(body)) return undefined;
  const members: RawResponse[] = [];
  try {
    parseXmlText(body, new DavReader((member) => members.push(member)));
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
  return members;
}

function rootsOf(about: ResourceId, hrefs: readonly string[]): { roots?: ResourceId[] } {
  const roots = hrefs
    // sabre writes the conflicting lock root without a leading slash. It can't be resolved and is skipped.
    .map((href) => resolveHref(about, href))
    .filter((root) => root !== undefined);
  return roots.length === 0 ? {} : { roots };
}
