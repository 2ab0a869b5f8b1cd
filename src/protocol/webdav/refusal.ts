import { defined } from '../../base/defined';
import { type FailureFacts, type FailureKind, type RemoteFailure } from '../../core/model/failure';
import { reportsLock, type RefusalInfo, type RefusedMember } from '../../core/model/refusalInfo';
import { resolveHref, type ResourceId } from '../../core/model/resource';
import type { HttpAnswer, HttpRequest } from '../transport/http';
import { kindOfStatus, statusFailure } from '../transport/failures/statusKinds';
import { readDav } from './reading/readDav';
import type { RawResponse } from './reading/raw';
import { unconfirmedSuccess } from './success';

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

/** Turns a refusal into a failure with the details of its body. Never rejects: an incomplete body is ignored. */
export async function refusal(answer: HttpAnswer, request: SentRequest): Promise<RemoteFailure> {
  const refusal = await answer.refusal();
  const { condition, roots, shape, codes, reason } = refusal;
  if (refusal.members) return membersFailure(answer, request, refusal) ?? statusFailure(answer, request);
  const exception = shape === 'sabre' ? codes.at(-1) : undefined;
  const failure = statusFailure(answer, request, {
    refusal,
    ...defined({ condition, code: exception, roots, serverText: reason ?? exception }),
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
  return isEmpty
    ? unconfirmedSuccess(answer, request)
    : membersFailure(answer, request, refusedAmong(request.resource, members));
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

type RefusedMembers = Pick<RefusalInfo, 'condition' | 'roots' | 'members'>;

function refusedAmong(resource: ResourceId, responses: readonly RawResponse[]): RefusedMembers {
  const members: RefusedMember[] = [];
  const hrefs: string[] = [];
  let condition: string | undefined;
  for (const response of responses) {
    const status = refusedStatus(response);
    if (status === undefined) continue;
    condition ??= response.conditions?.[0];
    hrefs.push(...(response.conditionHrefs ?? []));
    // A refusal without href applies to the request's resource.
    const named = response.hrefs.length === 0 ? [''] : response.hrefs;
    for (const href of named.slice(0, maxMembers - members.length))
      members.push({ resource: (href && resolveHref(resource, href)) || resource, status });
  }
  const roots = hrefs.map((href) => resolveHref(resource, href)).filter((root) => root !== undefined);
  return { ...(condition !== undefined && { condition }), ...(roots.length > 0 && { roots }), members };
}

function membersFailure(
  answer: HttpAnswer,
  { method, resource }: SentRequest,
  { condition, roots, members = [] }: RefusedMembers,
): RemoteFailure | undefined {
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
    ...(kind === 'locked' ? { roots: roots ?? lockedMembers } : {}),
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
