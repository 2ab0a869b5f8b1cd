import type { RemoteFailure } from '../../core/model/failure';
import type { HttpAnswer, HttpRequest } from '../transport/http';
import { statusFailure } from '../transport/failures/statusKinds';

const page = /^\s*(?:text\/html|application\/(?:xhtml|json|[\w.-]+\+json))/i;

/**
 * Whether the status confirms the change (RFC 9110 section 9.3.4). Other 2xx announce a later change or mean
 * something else, and a page with status 200 may be a sign-in form, a captive portal, or a gateway's error.
 */
export function isPlainSuccess({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>): boolean {
  if (status === 200) return !page.test(headers['content-type'] ?? '');
  return status === 201 || status === 204;
}

/** The failure for a 2xx response that does not confirm the change. */
export function unconfirmedSuccess(
  answer: Pick<HttpAnswer, 'status' | 'headers'>,
  request: Pick<HttpRequest, 'method' | 'resource'>,
): RemoteFailure {
  return statusFailure(answer, request, { code: 'DOUBTFUL_SUCCESS', maybeDone: true }).as('badAnswer');
}
