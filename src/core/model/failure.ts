import type { LockId } from './lock';
import type { RefusalInfo, RefusedMember } from './refusalInfo';
import type { ResourceId } from './resource';

/** What went wrong with a request, independent of the protocol. Code never tells failures apart by message. */
export type FailureKind =
  | 'locked' // 423, or 423 inside a 207
  | 'preconditionFailed' // 412: token lost, content changed, or a condition the server cannot parse
  | 'leaseLost' // our own lock was lost
  | 'contentChanged' // somebody changed the content since the user last saw it
  | 'signInNeeded' // 401 without or with refused credentials
  | 'cannotSignIn' // 401 that no name, password or token would satisfy
  | 'forbidden' // 403, 451
  | 'notFound' // 404, 410
  | 'exists' // 412 on If-None-Match: *, 405 on MKCOL
  | 'parentMissing' // 409
  | 'conflict' // 409 for another reason
  | 'unsupported' // 405, 501: the server has no such method here
  | 'notWebdav' // the response is not from a WebDAV server
  | 'busy' // 429, 503, or Retry-After
  | 'serverFault' // 5xx
  | 'quota' // 507, 413
  | 'redirected' // 3xx that must not be followed
  | 'partly' // 207 whose members were refused for different reasons
  | 'unreachable' // no connection: name, route, refused, reset before a response
  | 'interrupted' // connection lost after the request was sent: it may have succeeded
  | 'tls'
  | 'timeout'
  | 'badAnswer' // truncated, not XML, over a limit
  | 'canceled'
  | 'refused'; // any other 4xx

/** What is known about a refused sign-in. Foreign: wash before showing. */
export interface SignInFacts {
  /** The realm that asks (RFC 9110 section 11.5), where it has a name. */
  readonly realm?: string;
  /** How the server or proxy wants to be signed in to, where that is not supported. */
  readonly methods?: readonly string[];
  /**
   * Why the credentials were not sent: others could read them, a server that knew Digest asks for the bare password, or
   * no header can hold them.
   */
  readonly why?: 'inClear' | 'downgrade' | 'unsendable';
}

export interface FailureFacts {
  readonly resource: ResourceId;
  readonly method?: string;
  readonly status?: number;
  /** Precondition or postcondition element of the body (RFC 4918 section 16), without its namespace. */
  readonly condition?: string;
  /** Resources named by the body's condition element: for a 423 the lock roots. */
  readonly roots?: readonly ResourceId[];
  readonly members?: readonly RefusedMember[];
  readonly retryAfterMs?: number;
  /** The server's own message: plain text, capped. Untrusted: sanitize before showing. */
  readonly serverText?: string;
  /** What the refusal says about the blocking lock. Untrusted; each text is one plain line. */
  readonly refusal?: RefusalInfo;
  readonly requestId?: string;
  readonly signIn?: SignInFacts;
  /** Whether the request may have succeeded although it failed. */
  readonly maybeDone?: boolean;
  /** Whether the server has only the beginning of the text; `perhaps` if somebody may have shortened the file. */
  readonly halfWritten?: 'surely' | 'perhaps';
  /** The address of an unusable proxy, without credentials. */
  readonly badProxy?: string;
  /** After a failed LOCK: the only lock found on the resource, if it names no owner. */
  readonly ownerlessLock?: LockId;
  /** System or library code, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  readonly code?: string;
  readonly cause?: unknown;
}

/** A failed exchange with a server. Its message is for the log; users read `editor/messages`. */
export class RemoteFailure extends Error {
  override readonly name = 'RemoteFailure';

  constructor(
    readonly kind: FailureKind,
    readonly facts: FailureFacts,
  ) {
    const { method = '', resource, status, code } = facts;
    super(`${kind}: ${method} ${resource} ${status ?? code ?? ''}`.trim(), { cause: facts.cause });
  }

  get resource(): ResourceId {
    return this.facts.resource;
  }

  get status(): number | undefined {
    return this.facts.status;
  }

  /** The same failure with a more precise kind or more facts. */
  as(kind: FailureKind, more: Partial<FailureFacts> = {}): RemoteFailure {
    return new RemoteFailure(kind, { ...this.facts, ...more, cause: this });
  }
}

export function isFailure(error: unknown, ...kinds: readonly FailureKind[]): error is RemoteFailure {
  return error instanceof RemoteFailure && (kinds.length === 0 || kinds.includes(error.kind));
}

/** The result, or `otherwise` after a failure of these kinds; of any kind, if none is named. */
export async function orElse<T, U>(
  otherwise: U,
  run: () => Promise<T>,
  ...kinds: readonly FailureKind[]
): Promise<T | U> {
  try {
    return await run();
  } catch (error) {
    if (isFailure(error, ...kinds)) return otherwise;
    throw error;
  }
}
