import type { LockId } from './lock';
import type { RefusalInfo, RefusedMember } from './refusalInfo';
import type { ResourceId } from './resource';

/** What went wrong with a request, independent of the protocol. Nothing is ever told apart by a message. */
export type FailureKind =
  | 'locked' // 423, or 423 inside a 207
  | 'preconditionFailed' // 412: token gone, content changed, or a condition the server cannot read
  | 'leaseLost' // our own lock no longer stands
  | 'contentChanged' // somebody wrote since the person last saw the content
  | 'signInNeeded' // 401 without or with refused credentials
  | 'cannotSignIn' // 401 that no name, password or token would satisfy
  | 'forbidden' // 403, 451
  | 'notFound' // 404, 410
  | 'exists' // 412 on If-None-Match: *, 405 on MKCOL
  | 'parentMissing' // 409
  | 'conflict' // 409 of another meaning
  | 'unsupported' // 405, 501: the server has no such method here
  | 'notWebdav' // answered, but not as a WebDAV server
  | 'busy' // 429, 503, or Retry-After
  | 'serverFault' // 5xx
  | 'quota' // 507, 413
  | 'redirected' // 3xx that must not be followed
  | 'partly' // 207 with refusals of different kinds among its members
  | 'unreachable' // no connection: name, route, refused, reset before an answer
  | 'interrupted' // connection lost after the request was sent: may or may not have been done
  | 'tls'
  | 'timeout'
  | 'badAnswer' // truncated, not XML, over a limit
  | 'cancelled'
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
  /** The refusal's own words: plain text, capped. Foreign: wash before showing. */
  readonly serverText?: string;
  /** What the refusal says about the lock in the way. Foreign, one plain line each. */
  readonly refusal?: RefusalInfo;
  readonly requestId?: string;
  readonly signIn?: SignInFacts;
  /** Whether the request may have been carried out although it failed. */
  readonly maybeDone?: boolean;
  /** Whether the server was left with the beginning of the text; `perhaps` where somebody may have shortened the file. */
  readonly halfWritten?: 'surely' | 'perhaps';
  /** The address of the proxy, where none can be used that is set like this; without a secret. */
  readonly badProxy?: string;
  /** After a LOCK: the one lock that stands there, where it names no owner. */
  readonly nobodys?: LockId;
  /** System or library code, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  readonly code?: string;
  readonly cause?: unknown;
}

/** A failed exchange with a server. Its message is for the log; people read `editor/messages`. */
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

  /** The same failure, better understood. */
  as(kind: FailureKind, more: Partial<FailureFacts> = {}): RemoteFailure {
    return new RemoteFailure(kind, { ...this.facts, ...more, cause: this });
  }
}

export function isFailure(error: unknown, ...kinds: readonly FailureKind[]): error is RemoteFailure {
  return error instanceof RemoteFailure && (kinds.length === 0 || kinds.includes(error.kind));
}
