import type { Dispatcher } from 'undici';
import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { ReadRefusal } from '../../core/model/refusalInfo';
import { Answer } from './answer';
import type { Cookies } from './authentication/cookies';
import { bodyMsOf } from './sending/deadlines';
import { codingsFor } from './decoding';
import type { Exchange, HttpRequest, TransportOptions } from './http';
import { isSafe } from './methods';
import { isMistake, networkFailure, type Attempt } from './failures/networkFailures';
import { conditionsIn, tellingHeaders } from './record';
import { requestIdOf } from './requestId';
import type { Watch } from './sending/watch';
import type { Wire, WireRequest } from './sending/wire';

const defaultMaxBytes = 16 * 1024 * 1024;

const saysNothing: ReadRefusal = { info: { shape: 'none', from: 'unknown', codes: [] } };

/** What all exchanges of a transport have in common. */
export interface ExchangeContext {
  readonly wire: Wire;
  readonly now: () => number;
  readonly readRefusal: TransportOptions['readRefusal'];
  /** Whose answers these usually are: another program's refusal differs from them. */
  product?: string;
  readonly cookies: Cookies;
  /** Never throws. */
  readonly onExchange: (exchange: Exchange) => void;
}

/** One request and its answer, without redirects and signing in. */
export interface Passage {
  readonly request: HttpRequest;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly watch: Watch;
  /** Settles after the answer: whether it was only a challenge, after which the request is sent again. */
  readonly isRepeated: Promise<boolean>;
  /** Sends another request right behind this one; called only where that is possible. */
  readonly next?: WireRequest['next'];
}

/**
 * Sends a request once. Only a safe method is repeated, and only when a kept connection was closed before a byte of the
 * answer came: the server closed it for being idle while the request was on its way.
 */
export async function exchange(context: ExchangeContext, passage: Passage): Promise<Answer> {
  try {
    return await attempt(context, passage);
  } catch (error) {
    if (!isStale(error)) throw error;
    return attempt(context, passage);
  }
}

/** Sends a request once, over another wire if one is given. Rejects with a RemoteFailure. */
export async function attempt(
  context: ExchangeContext,
  passage: Passage,
  wire: Pick<Wire, 'request'> = context.wire,
): Promise<Answer> {
  const { request, watch } = passage;
  const { method, resource } = request;
  const startedAt = context.now();
  let sentAt: number | undefined;
  const sent = conditionsIn(request.headers);
  const signed = 'authorization' in passage.headers;
  const report = (
    outcome: Pick<Exchange, 'status' | 'requestId' | 'headers' | 'refusal' | 'excerpt' | 'repeated'>,
    failure: RemoteFailure | undefined,
  ) => {
    const failed = failure && { failure: `${failure.kind} ${failure.facts.code ?? ''}`.trim() };
    const ms = context.now() - startedAt;
    context.onExchange({ method, resource, startedAt, ms, sent, signed, ...outcome, ...failed });
  };
  const failed = (error: unknown, about: Partial<Attempt> = {}) =>
    networkFailure(error, { method, resource, sent: sentAt !== undefined, ...about });
  try {
    const response = wire.request({
      method,
      url: passage.url,
      headers: passage.headers,
      body: request.body,
      onSent: request.onSent,
      watch,
      started: () => (sentAt = context.now()),
      ...(passage.next && { next: passage.next }),
    });
    const { statusCode: status, headers: raw, body } = await watch.orGivenUp(response);
    const headers = joined(raw);
    takeCookies(context.cookies, raw['set-cookie'], passage.url, headers['date']);
    const requestId = requestIdOf(headers);
    if (status < 400 && headers['server'] !== undefined) context.product = headers['server'];
    const { product } = context;
    const seen = { status, ...(requestId === undefined ? {} : { requestId }) };
    const answer = new Answer({
      method,
      status,
      headers,
      sentAt: sentAt ?? startedAt,
      body,
      watch,
      bodyMs: bodyMsOf(request),
      now: context.now,
      maxBytes: request.maxBytes ?? defaultMaxBytes,
      accepts: codingsFor(method),
      failure: (error) => failed(error, seen),
      readRefusal: (body) => {
        const refused = {
          resource,
          headers,
          body,
          ...(product !== undefined && { product }),
        };
        return context.readRefusal?.(refused) ?? saysNothing;
      },
    });
    void answer.closed.then(async (failure) => {
      const { info, excerpt } = answer.said ?? {};
      const said = { ...(info && { refusal: info }), ...(excerpt && { excerpt }) };
      const answered = { headers: tellingHeaders(headers), ...said };
      const repeated = status === 401 && (await passage.isRepeated) && { repeated: true };
      report({ ...seen, ...answered, ...repeated }, failure);
    });
    return await answer.withoutBodyOver();
  } catch (error) {
    if (isMistake(error)) throw error;
    const failure = failed(error);
    report({ headers: {} }, failure);
    throw failure;
  }
}

function isStale(error: unknown): boolean {
  return isFailure(error, 'interrupted') && isSafe(error.facts.method ?? '');
}

/** Most cookies that are read of one answer. */
const mostCookies = 20;

function takeCookies(
  cookies: Cookies,
  lines: string | string[] = [],
  { pathname }: URL,
  date: string | undefined,
): void {
  for (const line of [lines].flat().slice(0, mostCookies)) cookies.take(line, pathname, date);
}

/** The names are in lower case already; a repeated header is one header (RFC 9110 section 5.3). */
function joined(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  // Without a prototype, because a header may have any name.
  const result = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return result;
}
