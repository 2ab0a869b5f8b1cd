import type { RemoteFailure } from '../../core/model/failure';
import { reportsLock } from '../../core/model/refusalInfo';
import type { HttpAnswer, HttpRequest } from '../transport/http';
import { statusFailure } from '../transport/failures/statusKinds';

type Sent = Pick<HttpRequest, 'method' | 'resource'>;

/** Turns a refusal into a failure with what its body says. `heldOn`: statuses that the mapping says mean a lock. */
export async function refused(
  answer: HttpAnswer,
  request: Sent,
  heldOn: readonly number[] = [],
): Promise<RemoteFailure> {
  const refusal = await answer.refusal();
  const serverText = refusal.reason;
  const failure = statusFailure(answer, request, {
    refusal,
    ...(serverText !== undefined && { serverText }),
  });
  const { status } = answer;
  const isLock = heldOn.includes(status) || ((status === 403 || status === 409) && reportsLock(refusal));
  return isLock ? failure.as('locked') : failure;
}

const page = /^\s*(?:text\/html|application\/xhtml)/i;

/** Whether it is a page for people: a sign-in form, a captive portal, or a gateway's error. */
export function isPage({ headers }: Pick<HttpAnswer, 'headers'>): boolean {
  return page.test(headers['content-type'] ?? '');
}

/** A 2xx that means what it says, unless a page came in its place. */
export function isSuccess(answer: Pick<HttpAnswer, 'status' | 'headers'>): boolean {
  return answer.status >= 200 && answer.status < 300 && answer.status !== 202 && !isPage(answer);
}

/** Discards the body of an answer that is no success and no refusal either. */
export async function doubtful(answer: HttpAnswer, request: Sent): Promise<RemoteFailure> {
  await answer.discard();
  return statusFailure(answer, request, { code: 'DOUBTFUL_SUCCESS', maybeDone: true }).as('badAnswer');
}
