// What can go wrong between a client and a server, and which requests it befalls.
import type http from 'node:http';

export interface HeaderChange {
  readonly remove?: readonly string[];
  readonly set?: Readonly<Record<string, string>>;
}

export type Fault =
  /**
   * The client's connection is reset. `beforeBody`, `afterBody`: the server never hears of the request;
   * `duringBody`: the server has got a part of it and is cut off as well; `afterAnswer`: the server has done
   * what it was asked and its answer is lost.
   */
  | { readonly kind: 'reset'; readonly at: 'beforeBody' | 'duringBody' | 'afterBody' | 'afterAnswer' }
  /**
   * Silence until the client gives up. `request`: nothing is forwarded; `headers`: the server has answered;
   * `body`: the head and `keep` bytes of the body are passed on.
   */
  | { readonly kind: 'stall'; readonly at: 'request' | 'headers' | 'body'; readonly keep?: number }
  /** The request, or the answer to it, waits for a promise: an order of events without a clock. */
  | { readonly kind: 'hold'; readonly at: 'request' | 'answer'; readonly until: Promise<unknown> }
  /** The connection closes after `keep` bytes of the body (half of it unless told), or within the head of an empty answer. */
  | { readonly kind: 'truncate'; readonly keep?: number }
  /** The answer's bytes come twice; the second time nobody has asked. */
  | { readonly kind: 'repeat' }
  /** Another answer than the server's; with `forward` the server has done what it was asked all the same. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly forward?: boolean;
    }
  /** Headers lost or added on the way, and a server whose clock is wrong by some seconds. Goes with any other fault. */
  | {
      readonly kind: 'headers';
      readonly request?: HeaderChange;
      readonly answer?: HeaderChange;
      readonly clockSkew?: number;
    };

export interface Match {
  readonly method?: string;
  /** The decoded path, or a pattern for the path as sent. */
  readonly path?: string | RegExp;
  /** Only the nth of the requests that match, from 1. */
  readonly nth?: number;
  /** Only the first so many. */
  readonly times?: number;
}

export interface Addressed {
  readonly method: string;
  /** As sent. */
  readonly path: string;
}

export function matches({ method, path }: Match, request: Addressed): boolean {
  if (method !== undefined && method !== request.method) return false;
  if (path === undefined) return true;
  return typeof path === 'string' ? path === decoded(request.path) : path.test(request.path);
}

/** A fault and how often its turn has come. */
export class Rule {
  private seen = 0;
  /** How many requests it has befallen. */
  applied = 0;

  constructor(
    readonly match: Match,
    readonly fault: Fault,
  ) {}

  befalls(request: Addressed): boolean {
    const isDue = this.wouldBefall(request);
    if (matches(this.match, request)) this.seen++;
    if (isDue) this.applied++;
    return isDue;
  }

  /** Whether it befalls such a request if that is the next one. */
  wouldBefall(request: Addressed): boolean {
    if (!matches(this.match, request)) return false;
    const { nth, times } = this.match;
    const turn = this.seen + 1;
    return (nth === undefined || turn === nth) && (times === undefined || turn <= times);
  }
}

/** Names and values in turn, as they came: spelling, order and repetition stay. */
export function changed(raw: readonly string[], ...changes: readonly (HeaderChange | undefined)[]): string[] {
  let result = [...raw];
  for (const change of changes) {
    const set = Object.entries(change?.set ?? {});
    const gone = new Set(
      [...(change?.remove ?? []), ...set.map(([name]) => name)].map((name) => name.toLowerCase()),
    );
    result = result.filter((_, at) => !gone.has((result[at - (at % 2)] ?? '').toLowerCase()));
    result.push(...set.flat());
  }
  return result;
}

export function skewed(date: string | undefined, seconds: number): string {
  const told = date === undefined ? Date.now() : Date.parse(date);
  return new Date(told + seconds * 1000).toUTCString();
}

/** A whole answer as bytes. */
export function answerBytes(answer: http.IncomingMessage, headers: readonly string[], body: Buffer): Buffer {
  const sized = changed(headers, {
    remove: ['Transfer-Encoding'],
    set: { 'Content-Length': String(body.length) },
  });
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let at = 0; at < sized.length; at += 2) lines.push(`${sized[at]}: ${sized[at + 1]}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path.replace(/[?#].*$/, ''));
  } catch {
    return path;
  }
}
