import type { RecordedExchange } from '../../core/locks/exchanges';
import type { ProxySetting } from '../../core/model/ports';
import type { ReadRefusal, RefusalInfo, RefusalResponse } from '../../core/model/refusalInfo';
import type { SignInFacts } from '../../core/model/failure';
import type { ResourceId } from '../../core/model/resource';

/** One request of a protocol. The transport adds the credentials. */
export interface HttpRequest {
  readonly method: string;
  /** Which resource a failure is about. */
  readonly resource: ResourceId;
  /** Absolute URL. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes of a binary body that the connection has taken; restarts when the request is repeated. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  /** From the start of the request to the answer's headers; default 30,000, plus a second per 32,000 bytes of body. */
  readonly headersMs?: number;
  /** From the headers to the end of the body; default 60,000. Restarts with every 64 KiB, up to three times as long. */
  readonly bodyMs?: number;
  /** Most bytes of the answer's body, after decompression; more is a failure `badAnswer`. Default 16 MiB. */
  readonly maxBytes?: number;
  /** Sent right behind this request where that is possible. */
  readonly next?: PipelinedRequest;
}

/**
 * A safe request for the same connection, sent before the answer to the one before it (RFC 9112 section 9.3.2). The
 * answers come in turn, but a server or a proxy may process both requests at once, or this one first.
 */
export interface PipelinedRequest {
  readonly request: HttpRequest;
  /**
   * Called if it is sent, perhaps again if the request before it is. Rejects if there is no answer, and if the request
   * before it failed, was redirected or was challenged.
   */
  readonly onSent: (answer: Promise<HttpAnswer>) => void;
}

/** An answer whose body must be read to its end or discarded. Every status is an answer; only a missing answer is a failure. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Monotonic milliseconds when the request was sent. */
  readonly sentAt: number;
  /** What a 401 means, where its status alone does not say it. */
  readonly signIn?: SignIn | undefined;
  /** Body bytes, decompressed. Rejects with a RemoteFailure (`interrupted`, `timeout`, `badAnswer`, `canceled`). */
  chunks(): AsyncIterable<Uint8Array>;
  bytes(): Promise<Uint8Array>;
  /** UTF-8; what is not valid is replaced, so this is only for text that people read. At most `limit` bytes are kept. */
  text(limit?: number): Promise<string>;
  discard(): Promise<void>;
  /** What a refusal says. Its body is read once, for the caller and the record alike. Never rejects. */
  refusal(): Promise<RefusalInfo>;
}

/** What a 401 means, as far as the transport can tell. */
export interface SignIn extends SignInFacts {
  readonly kind: 'signInNeeded' | 'forbidden' | 'cannotSignIn';
}

/** Sends requests. Rejects with a RemoteFailure where there is no answer. */
export interface Transport {
  /** Whether an answer came to which there was no request: an earlier one may have been another request's. */
  readonly answersTwice: boolean;
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** What signs in to one realm of an origin. */
export interface Credentials {
  readonly user?: string;
  readonly password?: { reveal(): string };
  readonly token?: { reveal(): string };
  /** The path below which a token may be sent before it was asked for; undefined: everywhere. */
  readonly below?: string;
  /** The server has accepted Digest with these: it must not ask for the bare password any more. */
  readonly digest?: boolean;
  /** The person accepts that others on the network can read these. */
  readonly inClear?: boolean;
}

/** A certificate that names this client to the server (RFC 8446 section 4.4.2): PEM, or PKCS#12. */
export interface ClientCertificate {
  readonly cert?: string;
  readonly key?: string;
  readonly pfx?: Uint8Array;
  readonly passphrase?: { reveal(): string };
}

export interface TransportOptions {
  /** `https://host:port`: the only origin that this transport sends anything to. */
  readonly origin: string;
  /**
   * The credentials for a realm, asked for when they are needed; undefined where there are none for it. The realm is `''`
   * where the server names none, and undefined before any realm has asked.
   */
  readonly credentials: (realm: string | undefined) => Promise<Credentials | undefined>;
  /** The server has accepted Digest for the realm: to be kept with its credentials. */
  readonly onDigestAccepted?: (realm: string) => void;
  readonly userAgent: string;
  /** PEM certificates to trust in addition to the system's. */
  readonly ca?: readonly string[];
  readonly rejectUnauthorized?: boolean;
  readonly clientCertificate?: () => Promise<ClientCertificate>;
  /** Set where the origin is reached through a proxy. */
  readonly proxy?: ProxySetting;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Reads what a refusal says; without it, no refusal says anything. */
  readonly readRefusal?: (refused: RefusalResponse) => ReadRefusal;
  /** Called once per exchange, for the log; nothing secret is in it. */
  readonly onExchange?: (exchange: Exchange) => void;
  /** Called with an error that `onExchange` threw; the exchange itself goes on. */
  readonly onFault?: (error: unknown) => void;
}

/** A finished exchange. A challenge and a redirect are exchanges of their own. */
export interface Exchange extends Omit<RecordedExchange, 'at'> {
  /** On the transport's clock. */
  readonly startedAt: number;
}
