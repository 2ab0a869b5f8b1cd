import { RemoteFailure, type FailureFacts, type FailureKind } from '../../../core/model/failure';
import type { HttpAnswer, HttpRequest } from '../http';
import { isSafe } from '../methods';
import { requestIdOf } from '../requestId';
import { retryAfterMs } from './retryAfter';

/** The one table from HTTP status to failure kind (RFC 9110 section 15, RFC 4918 section 11). */
const kinds: Readonly<Record<number, FailureKind>> = {
  401: 'signInNeeded',
  403: 'forbidden',
  404: 'notFound',
  405: 'unsupported',
  407: 'unreachable', // the proxy refused: the server was not asked
  408: 'timeout',
  409: 'conflict',
  410: 'notFound',
  412: 'preconditionFailed',
  413: 'quota',
  423: 'locked',
  424: 'conflict', // follows from another refusal
  429: 'busy',
  451: 'forbidden',
  501: 'unsupported',
  503: 'busy',
  507: 'quota',
};

/** What a refusing status means by itself; the body may say it better. 1xx and 2xx are not refusals: `badAnswer`. */
export function kindOfStatus(status: number): FailureKind {
  const kind = kinds[status];
  if (kind) return kind;
  if (status >= 300 && status < 400) return 'redirected';
  if (status >= 400 && status < 500) return 'refused';
  if (status >= 500 && status < 600) return 'serverFault';
  return 'badAnswer';
}

/** The failure that a refusing answer is. Its body is not read: the caller adds what it says as `more`. */
export function statusFailure(
  answer: Pick<HttpAnswer, 'status' | 'headers' | 'signIn'>,
  request: Pick<HttpRequest, 'method' | 'resource'>,
  more: Partial<FailureFacts> = {},
): RemoteFailure {
  const { status, headers, signIn } = answer;
  const wait = retryAfterMs(headers);
  const requestId = requestIdOf(headers);
  const { kind = kindOfStatus(status), ...asked } = signIn ?? {};
  return new RemoteFailure(kind === 'serverFault' && wait !== undefined ? 'busy' : kind, {
    resource: request.resource,
    method: request.method,
    status,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(signIn && { signIn: asked }),
    // A gateway that lost its server cannot know what the server did.
    ...(isGatewayFault(status) && !isSafe(request.method) ? { maybeDone: true } : {}),
    ...more,
  });
}

function isGatewayFault(status: number): boolean {
  return status === 502 || status === 504;
}
