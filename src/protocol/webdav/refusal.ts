import { type FailureFacts, type FailureKind, isFailure, type RemoteFailure } from '../../core/model/failure';
import { reportsLock, type RefusalInfo, type RefusedMember } from '../../core/model/refusalInfo';
import { resolveHref, type ResourceId } from '../../core/model/resource';
import { readRefusal } from '../refusals/read';
import { line } from '../refusals/values';
import type { HttpAnswer, HttpRequest } from '../transport/http';
import { kindOfStatus, statusFailure } from '../transport/statusKinds';
import { DavReader } from './davReader';
import { errorBodyBytes, readErrorBody } from './errorBody';
import { readDav } from './multistatus';
import type { RawResponse } from './raw';
import { doubtful } from './success';
import { parseXmlText, XmlError } from '../xml/xml';

/** The conditions that mean a lock stands in the way, whatever the status beside them. */
const lockConditions = new Set(['lock-token-submitted', 'no-conflicting-lock']);
/** Methods whose 409 says that the folder above is missing (RFC 4918 sections 9.3, 9.7, 9.8, 9.9, 9.10). */
const needParent = new Set(['PUT', 'MKCOL', 'COPY', 'MOVE', 'LOCK']);
const dependent = 424;
/** Nobody reads of more. */
const mostMembers = 10_000;
/** Units of all their names together. */
const mostNamed = 1 << 20;
const inPart = new Set(['DELETE', 'MOVE', 'COPY']);

type Asked = Pick<HttpRequest, 'method' | 'resource'>;

/**
 * The failure that a refusing answer is, with what its body says; `product` is the usual `Server` header. Never rejects:
 * a body that breaks off says nothing.
 */
export async function refusal(
  answer: HttpAnswer,
  request: Asked,
  product: string | undefined,
): Promise<RemoteFailure> {
  const body = await bodyOf(answer);
  const members = membersIn(body);
  if (members) return membersFailure(answer, request, members) ?? statusFailure(answer, request);
  const { condition, code, hrefs, text = officeWords(answer) } = readErrorBody(body);
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
    : meaning(answer.status, request.method, condition);
  return kind === undefined ? failure : failure.as(kind);
}

/**
 * Reads a 207 that answers anything but a question: undefined where all its members succeeded, else the refusal that it
 * is in spite of its 2xx (RFC 4918 section 13). One without members says nothing of what was done.
 */
export async function refusalInside(answer: HttpAnswer, request: Asked): Promise<RemoteFailure | undefined> {
  const members: RawResponse[] = [];
  let room = mostNamed;
  let isEmpty = true;
  await readDav(answer, request, (member) => {
    isEmpty = false;
    if (refusedStatus(member) === undefined || members.length >= mostMembers) return;
    members.push(member);
    for (const href of member.hrefs) room -= href.length;
    if (room < 0) member.hrefs = [];
  });
  return isEmpty ? doubtful(answer, request) : membersFailure(answer, request, members);
}

/** `X-MSDAVEXT_ERROR: 589838; The%20file…` (MS-WDV section 2.2.3): SharePoint's words, which are not in its body. */
function officeWords({ headers }: HttpAnswer): string | undefined {
  const text = /^\s*\d+\s*;\s*(.*)$/s.exec(headers['x-msdavext_error'] ?? '')?.[1];
  if (!text) return undefined;
  const plain = /%(?![0-9a-f]{2})/i.test(text)
    ? text
    : new URLSearchParams(`t=${text.replace(/[&+]/g, ' ')}`).get('t');
  return line(plain, 500);
}

/** Git LFS, Box, SAP and others refuse by 403 or 409 where RFC 4918 has 423. An UNLOCK refused so lacks the right to it. */
function isOthersLock(status: number, method: string, refusal: RefusalInfo): boolean {
  return (status === 403 || status === 409) && method !== 'UNLOCK' && reportsLock(refusal);
}

function meaning(status: number, method: string, condition: string | undefined): FailureKind | undefined {
  if (condition !== undefined && lockConditions.has(condition)) return 'locked';
  if (status === 409 && condition === undefined && needParent.has(method)) return 'parentMissing';
  if (status === 405 && method === 'MKCOL') return 'exists';
  return undefined;
}

function membersFailure(
  answer: HttpAnswer,
  { method, resource }: Asked,
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
    // A refusal that names nothing is about what was asked for.
    const named = response.hrefs.length === 0 ? [''] : response.hrefs;
    for (const href of named.slice(0, mostMembers - members.length))
      members.push({ resource: (href && resolveHref(resource, href)) || resource, status });
  }
  if (members.length === 0) return undefined;
  // 424 follows another member's refusal and is never the cause.
  const causes = members.filter(({ status }) => status !== dependent);
  const statuses = new Set((causes.length > 0 ? causes : members).map(({ status }) => status));
  const [only] = statuses.size === 1 ? statuses : [];
  const kind = statuses.has(423) ? 'locked' : only === undefined ? 'partly' : kindOfStatus(only);
  const lockedMembers = members.filter(({ status }) => status === 423).map((member) => member.resource);
  const facts: Partial<FailureFacts> = {
    status: kind === 'locked' ? 423 : (only ?? answer.status),
    ...(condition === undefined ? {} : { condition }),
    ...(kind === 'locked' ? { roots: rootsOf(resource, roots).roots ?? lockedMembers } : {}),
    members: causes.length > 0 ? causes : members,
    // What is done to a whole tree may have been done to some of it.
    ...(answer.status === 207 && inPart.has(method) ? { maybeDone: true } : {}),
  };
  const better = only === undefined ? undefined : meaning(only, method, condition);
  return statusFailure(answer, { method, resource }, facts).as(better ?? kind);
}

/** A response's refusal: its own status, or that of a propstat (one server refuses a LOCK so). */
function refusedStatus({ status, refusals }: RawResponse): number | undefined {
  if (status !== undefined) return status >= 300 ? status : undefined;
  return refusals?.find((refused) => refused !== dependent) ?? refusals?.[0];
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
    // sabre writes its conflicting lock root without the leading slash; it cannot be resolved and is left out.
    .map((href) => resolveHref(about, href))
    .filter((root) => root !== undefined);
  return roots.length === 0 ? {} : { roots };
}
