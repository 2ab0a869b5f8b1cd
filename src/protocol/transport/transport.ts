import { isLoopback } from '../../core/model/loopback';
import type { Answer } from './answer';
import { Authentication } from './authentication/authentication';
import { Cookies } from './authentication/cookies';
import { headersMsOf } from './sending/deadlines';
import { codingsFor } from './decoding';
import { attempt, exchange, type ExchangeContext } from './exchange';
import type { Credentials, Exchange, HttpRequest, Transport, TransportOptions } from './http';
import { isMistake, networkFailure } from './failures/networkFailures';
import { isSafe } from './methods';
import { mayBeFollowed, NextRequest } from './sending/nextRequest';
import { proxyMethods } from './sending/proxy';
import { redirected, redirectOf } from './redirects';
import { statusFailure } from './failures/statusKinds';
import { GivenUp, Watch } from './sending/watch';
import { openWire, type Wire } from './sending/wire';

const mostRedirects = 5;
/** Unsigned, signed, and signed again because the nonce was stale. */
const mostSignatures = 3;
/** Milliseconds that are no reason to send anything before the stored credentials are known. */
const quickStoreMs = 20;

/**
 * A transport to one origin, over at most six connections that are opened on first use. `send` throws a TypeError for
 * an address of another origin, because the credentials are for this one only.
 */
export function createTransport(options: TransportOptions): Transport {
  return new HttpTransport(options);
}

class HttpTransport implements Transport {
  private readonly origin: string;
  private readonly authentication: Authentication;
  private readonly cookies: Cookies;
  private opening: Promise<Wire> | undefined;
  private context: ExchangeContext | undefined;
  /** Resolves when the first request has been answered or has failed. */
  private first: Promise<void> | undefined;
  /** Requests need no longer wait for the first. */
  private firstIsOver = false;
  private closed = false;

  constructor(private readonly options: TransportOptions) {
    this.origin = new URL(options.origin).origin;
    const url = new URL(this.origin);
    this.cookies = new Cookies(url, options.now);
    this.authentication = new Authentication({
      credentials: readable(options.credentials),
      ...(options.onDigestAccepted && { onDigestAccepted: options.onDigestAccepted }),
      isPrivate: url.protocol === 'https:' || isLoopback(url.hostname),
    });
  }

  get answersTwice(): boolean {
    return this.context?.wire.answersTwice ?? false;
  }

  async send(request: HttpRequest): Promise<Answer> {
    const url = this.addressOf(request);
    const watch = new Watch(request.signal);
    watch.allow(headersMsOf(request), 'HEADERS');
    try {
      let ahead: Promise<void> | undefined;
      if (!this.firstIsOver || !this.authentication.isPrepared) {
        const preparing = this.authentication.prepare();
        if (preparing) {
          const isSlow = await watch.orGivenUp(isPending(preparing, quickStoreMs));
          if (isSlow && !this.first && isSafe(request.method)) ahead = preparing;
          else await watch.orGivenUp(preparing);
        }
        // One request is sent first to be challenged, or each of many at once would be.
        if (this.first && this.authentication.expectsChallenge) await watch.orGivenUp(this.first);
      }
      const answering = ahead ? this.goAhead(request, url, watch, ahead) : this.follow(request, url, watch);
      const over = () => void (this.firstIsOver = true);
      this.first ??= answering.then(over, over);
      const answer = await answering;
      answer.handOver();
      return answer;
    } catch (error) {
      // Closes whatever this request still has open.
      watch.giveUp(new GivenUp('canceled', 'FAILED'));
      if (isMistake(error)) throw error;
      throw networkFailure(error, { method: request.method, resource: request.resource, sent: false });
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    // A wire that could not be opened needs no closing, and its failure was reported to whoever sent something.
    const wire = await this.opening?.catch(() => undefined);
    await wire?.close();
  }

  private addressOf(request: HttpRequest): URL {
    const url = new URL(request.url);
    if (url.origin !== this.origin) throw new TypeError(`Not an address of ${this.origin}`);
    return url;
  }

  /**
   * A password waits for a challenge in any case, which comes while a slow store is still asked for it. Where it turns
   * out that a token is to go unasked, what the server said without it does not count.
   */
  private async goAhead(
    request: HttpRequest,
    url: URL,
    watch: Watch,
    preparing: Promise<void>,
  ): Promise<Answer> {
    const answer = await this.follow(request, url, watch);
    await watch.orGivenUp(preparing);
    if (!this.authentication.signsUnasked) return answer;
    await answer.discard();
    return this.follow(request, url, watch);
  }

  private async follow(request: HttpRequest, url: URL, watch: Watch): Promise<Answer> {
    let at = url;
    for (let redirects = 0; ; redirects++) {
      const answer = await this.signed(request, at, watch);
      const redirect = redirectOf(answer, request, at);
      if (!redirect) return answer;
      await answer.discard();
      if (!redirect.follow) throw redirected(answer, request, redirect.code);
      if (redirects === mostRedirects) throw redirected(answer, request, 'TOO_MANY');
      at = redirect.follow;
    }
  }

  private async signed(request: HttpRequest, url: URL, watch: Watch): Promise<Answer> {
    const { authentication } = this;
    for (let round = 1; ; round++) {
      const signature = authentication.sign(request.method, url.pathname, url.pathname + url.search);
      const headers = this.headersOf(request, url.pathname, signature?.header);
      let settle: (isRepeated: boolean) => void = () => undefined;
      const isRepeated = new Promise<boolean>((resolve) => (settle = resolve));
      const next = mayBeFollowed(request, signature) ? this.nextOf(request) : undefined;
      try {
        const context = this.context ?? (await this.open());
        const answer = await exchange(context, {
          ...{ request, url, headers, watch, isRepeated },
          ...(next && { next: next.send }),
        });
        if (isFinal(answer)) next?.firstAnswered(answer);
        if (answer.status === 407) {
          const methods = proxyMethods(answer.headers['proxy-authenticate']);
          await answer.discard();
          throw statusFailure(answer, request, { signIn: { methods } });
        }
        if (answer.status !== 401) {
          authentication.accepted(answer, signature);
          return answer;
        }
        if (round === mostSignatures) return answer;
        const verdict = await watch.orGivenUp(
          authentication.challenged({
            method: request.method,
            path: url.pathname,
            headers: answer.headers,
            signature,
            answeredChallenge: round > 1,
          }),
        );
        if (verdict !== 'repeat') {
          answer.signIn = verdict;
          return answer;
        }
        settle(true);
        await answer.discard();
      } finally {
        settle(false);
        next?.firstOver();
      }
    }
  }

  private nextOf({ next }: HttpRequest): NextRequest | undefined {
    if (!next) return undefined;
    return new NextRequest(next, async (request, wire, watch) => {
      const url = this.addressOf(request);
      const context = this.context ?? (await this.open());
      const path = url.pathname;
      const signature = this.authentication.sign(request.method, path, path + url.search);
      const headers = this.headersOf(request, path, signature?.header);
      const isRepeated = Promise.resolve(false);
      return attempt(context, { request, url, headers, watch, isRepeated }, wire);
    });
  }

  private headersOf(
    { method, headers = {} }: HttpRequest,
    path: string,
    authorization: string | undefined,
  ): Record<string, string> {
    const cookie = this.cookies.headerFor(path);
    const merged: Record<string, string> = {
      'user-agent': this.options.userAgent,
      'accept-encoding': codingsFor(method).join(', ') || 'identity',
      ...(cookie !== undefined && { cookie }),
    };
    for (const [name, value] of Object.entries(headers)) merged[name.toLowerCase()] = value;
    if (authorization !== undefined) merged['authorization'] = authorization;
    return merged;
  }

  private async open(): Promise<ExchangeContext> {
    if (this.closed) throw new GivenUp('canceled', 'CLOSED');
    const { now, readRefusal, onExchange, onFault } = this.options;
    this.opening ??= this.openOrForget();
    const report = (exchange: Exchange) => {
      try {
        onExchange?.(exchange);
      } catch (error) {
        onFault?.(error);
      }
    };
    this.context = {
      wire: await this.opening,
      now,
      readRefusal,
      cookies: this.cookies,
      onExchange: report,
    };
    return this.context;
  }

  /** Tried again by the next request: a file that could not be read may be readable then. */
  private async openOrForget(): Promise<Wire> {
    try {
      return await openWire(this.origin, this.options);
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }
}

/** Whether it is not over after so many milliseconds; what it rejects with is for whoever waits for it. */
async function isPending(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(true), ms)));
  const over = () => false;
  const isLate = await Promise.race([promise.then(over, over), late]);
  clearTimeout(timer);
  return isLate;
}

/** Whether the request is not sent again, signed or elsewhere. */
function isFinal({ status }: Answer): boolean {
  return status < 300 || (status >= 400 && status !== 401);
}

/** The stored credentials cannot be had: the store is locked, or what is in it is damaged. */
class CredentialsUnreadable extends Error {
  readonly code = 'CREDENTIALS_UNREADABLE';
}

function readable(credentials: TransportOptions['credentials']): TransportOptions['credentials'] {
  return async (realm): Promise<Credentials | undefined> => {
    try {
      return await credentials(realm);
    } catch (error) {
      throw new CredentialsUnreadable('The stored credentials cannot be read', { cause: error });
    }
  };
}
