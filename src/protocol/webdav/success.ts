import type { RemoteFailure } from '../../core/model/failure';
import type { HttpAnswer, HttpRequest } from '../transport/http';
import { statusFailure } from '../transport/statusKinds';

/**
 * What says that a change is made (RFC 9110 section 9.3.4). Other successes promise it for later or speak of something
 * else, and a page that comes with a 200 may be anybody's: a sign-in form, or a hotel's.
 */
export function isPlainSuccess({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>): boolean {
  if (status === 200) return !/^\s*(?:text\/html|application\/xhtml)/i.test(headers['content-type'] ?? '');
  return status === 201 || status === 204;
}

/** The failure of a change whose success does not say that it was made. */
export function doubtful(
  answer: Pick<HttpAnswer, 'status' | 'headers'>,
  request: Pick<HttpRequest, 'method' | 'resource'>,
): RemoteFailure {
  return statusFailure(answer, request, { code: 'DOUBTFUL_SUCCESS', maybeDone: true }).as('badAnswer');
}
