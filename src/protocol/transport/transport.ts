import type { Answer } from './answer';
import { Authentication } from './authentication';
import { headersMsOf } from './deadlines';
import { acceptedEncodings } from './decoding';
import { exchange, type ExchangeContext } from './exchange';
import type { Exchange, HttpRequest, Transport, TransportOptions } from './http';
import { isMistake, networkFailure } from './networkFailures';
import { redirected, redirectOf } from './redirects';
import { statusFailure } from './statusKinds';
import { GivenUp, Watch } from './watch';
import { openWire, type Wire } from './wire';

const mostRedirects = 5;
/** Unsigned, signed by what is known, signed anew because that had grown stale. */
const mostSignatures = 3;

/**
 * A transport to one origin, over at most six connections that are opened on first use. `send` throws a TypeError for
 * an address elsewhere: credentials are for this origin alone.
 */
export function createTransport(options: TransportOptions): Transport {
  return new HttpTransport(options);
}

class HttpTransport implements Transport {
  private readonly origin: string;
  private readonly authentication: Authentication;
  private opening: Promise<Wire> | undefined;
  private context: ExchangeContext | undefined;
  /** Resolves when the first request has been answered, or has failed. */
  private first: Promise<void> | undefined;
  /** Whether requests need no longer wait for the first. */
  private free = false;
  private closed = false;

  constructor(private readonly options: TransportOptions) {
    this.origin = new URL(options.origin).origin;
    this.authentication = new Authentication(options.credentials, this.origin.startsWith('https:'));
  }

  async send(request: HttpRequest): Promise<Answer> {
    const url = new URL(request.url);
    if (url.origin !== this.origin) throw new TypeError(`Not an address of ${this.origin}`);
    const watch = new Watch(request.signal);
    watch.allow(headersMsOf(request), 'HEADERS');
    try {
      if (!this.free) {
        const preparing = this.authentication.prepare();
        if (preparing) await watch.orGivenUp(preparing);
        // One request goes first to be challenged, or each of many at once would be.
        if (this.first && this.authentication.expectsChallenge) await watch.orGivenUp(this.first);
      }
      const answering = this.follow(request, url, watch);
      const over = () => void (this.free = true);
      this.first ??= answering.then(over, over);
      const answer = await answering;
      answer.handOver();
      return answer;
    } catch (error) {
      // Whatever is still open of this request goes with it.
      watch.giveUp(new GivenUp('cancelled', 'FAILED'));
      if (isMistake(error)) throw error;
      throw networkFailure(error, { method: request.method, resource: request.resource, sent: false });
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    // Where it could not be opened there is nothing to close, and whoever sent something has heard of it.
    const wire = await this.opening?.catch(() => undefined);
    await wire?.close();
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
      const signature = authentication.sign(request.method, url.pathname + url.search);
      const headers = this.headersOf(request, signature?.header);
      let settle: (isRepeated: boolean) => void = () => undefined;
      const isRepeated = new Promise<boolean>((resolve) => (settle = resolve));
      try {
        const context = this.context ?? (await this.open());
        const answer = await exchange(context, { request, url, headers, watch, isRepeated });
        if (answer.status === 407) {
          await answer.discard();
          throw statusFailure(answer, request);
        }
        if (answer.status !== 401) {
          authentication.accepted(answer, signature);
          return answer;
        }
        const refusal = { headers: answer.headers, signature, answeredChallenge: round > 1 };
        if (round === mostSignatures || !(await watch.orGivenUp(authentication.challenged(refusal))))
          return answer;
        settle(true);
        await answer.discard();
      } finally {
        settle(false);
      }
    }
  }

  private headersOf({ method, headers = {} }: HttpRequest, authorization?: string): Record<string, string> {
    const merged: Record<string, string> = {
      'user-agent': this.options.userAgent,
      // A server that compresses a file changes its ETag (`-gzip`, or weak): no save could be made under that one.
      'accept-encoding': method === 'GET' || method === 'HEAD' ? 'identity' : acceptedEncodings,
    };
    for (const [name, value] of Object.entries(headers)) merged[name.toLowerCase()] = value;
    if (authorization !== undefined) merged['authorization'] = authorization;
    return merged;
  }

  private async open(): Promise<ExchangeContext> {
    if (this.closed) throw new GivenUp('cancelled', 'CLOSED');
    const { now, readRefusal, onExchange, onFault } = this.options;
    this.opening ??= openWire(this.origin, this.options);
    const report = (exchange: Exchange) => {
      try {
        onExchange?.(exchange);
      } catch (error) {
        onFault?.(error);
      }
    };
    this.context = { wire: await this.opening, now, readRefusal, onExchange: report };
    return this.context;
  }
}
