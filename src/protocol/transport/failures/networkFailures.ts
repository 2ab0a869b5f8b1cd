import { RemoteFailure, type FailureFacts, type FailureKind } from '../../../core/model/failure';
import { isSafe } from '../methods';
import { BadProxy, ProxyRefused } from '../sending/proxy';
import { GivenUp } from '../sending/watch';

/** `lost`: the connection was lost; whether that is `interrupted` depends on whether the request was sent. */
type Meaning = FailureKind | 'lost';

/** Codes of Node, OpenSSL and undici. */
const meanings: Readonly<Record<string, Meaning>> = {
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EAI_FAIL: 'unreachable',
  EAI_NODATA: 'unreachable',
  EAI_NONAME: 'unreachable',
  ECONNREFUSED: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
  PROXY_REFUSED: 'unreachable',
  BAD_PROXY: 'unreachable',
  BAD_PROXY_AUTHORIZATION: 'unreachable',

  CREDENTIALS_UNREADABLE: 'signInNeeded',
  CLIENT_CERTIFICATE_PASSPHRASE: 'signInNeeded',
  CLIENT_CERTIFICATE: 'tls',

  EPROTO: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
  UNABLE_TO_GET_ISSUER_CERT: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
  UNABLE_TO_GET_CRL: 'tls',
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: 'tls',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'tls',
  HOSTNAME_MISMATCH: 'tls',
  INVALID_CA: 'tls',
  INVALID_PURPOSE: 'tls',
  PATH_LENGTH_EXCEEDED: 'tls',
  UND_ERR_PRX_TLS: 'tls',

  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',

  ETIMEDOUT: 'lost',
  ECONNRESET: 'lost',
  ECONNABORTED: 'lost',
  EPIPE: 'lost',
  UND_ERR_SOCKET: 'lost',
  // The answer ended before its announced length.
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'lost',

  UND_ERR_HTTP_PARSER: 'badAnswer',
  UND_ERR_HEADERS_OVERFLOW: 'badAnswer',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'badAnswer',

  UND_ERR_DESTROYED: 'canceled',
  UND_ERR_CLOSED: 'canceled',
};

const parserMark = Symbol.for('undici.error.UND_ERR_HTTP_PARSER');

const families: readonly (readonly [RegExp, Meaning])[] = [
  [/^(CERT|CRL)_/, 'tls'],
  [/^ERR_(TLS|SSL|OSSL)_/, 'tls'],
  [/^HPE_/, 'badAnswer'],
  [/^(Z_|ERR_BROTLI_|ERR__ERROR_FORMAT|ERR_ZLIB_)/, 'badAnswer'],
];

/** The request that failed. */
export interface Attempt extends Pick<FailureFacts, 'resource' | 'status' | 'requestId'> {
  readonly method: string;
  /** Whether the request, or a part of it, may have left this machine. */
  readonly sent: boolean;
}

/** The failure that an error of Node, OpenSSL or undici means. */
export function networkFailure(error: unknown, attempt: Attempt): RemoteFailure {
  if (error instanceof RemoteFailure) return error;
  const code = codeOf(error);
  const { sent, ...facts } = attempt;
  const refused = error instanceof ProxyRefused ? error : undefined;
  return new RemoteFailure(error instanceof GivenUp ? error.kind : kindOf(code, sent), {
    ...facts,
    ...(code === undefined ? {} : { code }),
    ...(error instanceof BadProxy && { badProxy: error.address }),
    ...(refused && { status: refused.status, signIn: { methods: refused.methods } }),
    cause: error,
    maybeDone: sent && !isSafe(attempt.method) && !isRefusal(attempt.status),
  });
}

/** Whether the caller made the mistake, such as a line break in a header, and not the network. */
export function isMistake(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined ? !(error instanceof RemoteFailure) : code === 'UND_ERR_INVALID_ARG';
}

/** Whether the connection was lost, perhaps because the server closed it before it saw the request. */
export function isLostConnection(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

function kindOf(code: string | undefined, sent: boolean): FailureKind {
  const meaning = meaningOf(code ?? '') ?? 'lost';
  if (meaning !== 'lost') return meaning;
  return sent ? 'interrupted' : 'unreachable';
}

function meaningOf(code: string): Meaning | undefined {
  return Object.hasOwn(meanings, code)
    ? meanings[code]
    : families.find(([pattern]) => pattern.test(code))?.[1];
}

/** A status that says that nothing was done, even if its body was cut off. */
function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 300 && status < 500;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // undici 7.30 leaves the code of its parser's errors undefined, but marks them by a symbol.
  if (parserMark in error) return 'UND_ERR_HTTP_PARSER';
  // A name with several addresses has an error for each.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}
