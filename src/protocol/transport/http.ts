import type { ProxySetting } from '../../core/model/ports';
import type { ReadRefusal, RefusalInfo, RefusalResponse } from '../../core/model/refusalInfo';
import type { ResourceId } from '../../core/model/resource';

/** One request, as the protocols ask for it. Credentials are the transport's own affair. */
export interface HttpRequest {
  readonly method: string;
  /** For failures: which resource this is about. */
  readonly resource: ResourceId;
  /** Absolute URL. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes of a binary body the connection has taken; begins anew when the request is repeated. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  /** From the start of the request to the answer's headers; default 30,000, and for a body a second per 32,000 bytes more. */
  readonly headersMs?: number;
  /** From the headers to the end of the body; default 60,000. Starts anew with every 64 KiB, up to three times as long. */
  readonly bodyMs?: number;
  /** Most bytes of the answer's body, after decompression; more is a failure `badAnswer`. Default 16 MiB. */
  readonly maxBytes?: number;
}

/** An answer whose body must be read to its end, or discarded. Any status is an answer; only no answer is a failure. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Monotonic milliseconds when the request was sent. */
  readonly sentAt: number;
  /** Body bytes, decompressed. Rejects with a RemoteFailure (`interrupted`, `timeout`, `badAnswer`, `cancelled`). */
  chunks(): AsyncIterable<Uint8Array>;
  bytes(): Promise<Uint8Array>;
  /** UTF-8; what is not valid is replaced: for texts shown to people only. At most `limit` bytes are kept. */
  text(limit?: number): Promise<string>;
  discard(): Promise<void>;
  /** What a refusal says. Its body is read once, for the caller and the record alike. Never rejects. */
  refusal(): Promise<RefusalInfo>;
}

/** Sends requests. Rejects with a RemoteFailure where there is no answer to give. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** Secrets for one origin, asked for at the time of need; undefined: none stored. */
export interface Credentials {
  readonly user?: string;
  readonly password?: { reveal(): string };
  readonly token?: { reveal(): string };
}

export interface TransportOptions {
  /** `https://host:port`: the only origin that this transport talks to and gives its credentials to. */
  readonly origin: string;
  readonly credentials: () => Promise<Credentials | undefined>;
  readonly userAgent: string;
  /** PEM certificates to trust besides the system's. */
  readonly ca?: readonly string[];
  readonly rejectUnauthorized?: boolean;
  /** Where the origin is reached through one. */
  readonly proxy?: ProxySetting;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Reads what a refusal says; without it, no refusal says anything. */
  readonly readRefusal?: (refused: RefusalResponse) => ReadRefusal;
  /** One line per exchange, for the log; nothing secret is in it. */
  readonly onExchange?: (exchange: Exchange) => void;
  /** Told of an error that `onExchange` threw: the exchange itself is none the worse for it. */
  readonly onFault?: (error: unknown) => void;
}

/** A finished exchange, one for each request on the wire: a challenge and a redirect are exchanges of their own. */
export interface Exchange {
  readonly method: string;
  readonly resource: ResourceId;
  readonly status?: number;
  readonly failure?: string;
  readonly ms: number;
  readonly requestId?: string;
  /** When it was started, on the transport's clock. */
  readonly startedAt: number;
  /** Names of the conditions that were sent. */
  readonly sent: readonly string[];
  /** Whether credentials went along. */
  readonly signed?: boolean;
  /** A challenge: the same request was sent again at once, signed for it. */
  readonly repeated?: boolean;
  /** Answer headers that tell who answered and how, by an allow-list. */
  readonly headers: Readonly<Record<string, string>>;
  /** What a refusal said. */
  readonly refusal?: RefusalInfo;
  /** The beginning of a refusal's body, without secrets. */
  readonly excerpt?: string;
}
