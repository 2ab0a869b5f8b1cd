// The wire of a played state: answers each request with the step that is being played, and records it as a
// transport does.
import { RemoteFailure, type FailureKind } from '../../../src/core/model/failure';
import { resourceId } from '../../../src/core/model/resource';
import type { Exchanges } from '../../../src/core/locks/exchanges';
import type { Clock } from '../../../src/core/model/ports';
import type { HttpAnswer, HttpRequest, Transport } from '../../../src/protocol/transport/http';
import { tellingHeaders } from '../../../src/protocol/transport/record';
import { readRefusal } from '../../../src/protocol/refusals/read';
import { toRecordedExchange } from '../../../src/protocol/refusals/recordedExchange';
import type { ExchangeStep } from './state';

export const origin = 'https://dav.example';
/** What an exchange takes. */
const tookMs = 40;

const failures: Readonly<Record<NonNullable<ExchangeStep['failure']>, readonly [FailureKind, string]>> = {
  unreachable: ['unreachable', 'ECONNREFUSED'],
  timeout: ['timeout', 'HEADERS'],
  connectionReset: ['interrupted', 'ECONNRESET'],
  certificate: ['tls', 'CERT_HAS_EXPIRED'],
};

export class Wire implements Transport {
  readonly answersTwice = false;
  private step: ExchangeStep | undefined;
  /** Answers that the client may look at again: the protocol's own questions after a refusal. */
  private asides: readonly ExchangeStep[] = [];
  private product: string | undefined;

  constructor(
    private readonly exchanges: Exchanges,
    private readonly clock: Clock,
  ) {}

  /** The next request with the step's method is answered by it; others by these, unrecorded. */
  expect(step: ExchangeStep | undefined, asides: readonly ExchangeStep[] = []): void {
    this.step = step;
    this.asides = asides;
  }

  /** An exchange that nothing of ours is to be made of. */
  recordOnly(step: ExchangeStep): void {
    this.record(step);
  }

  send(request: HttpRequest): Promise<HttpAnswer> {
    const { step } = this;
    if (step?.do === request.method) {
      this.step = undefined;
      this.record(step);
      return this.answer(step, request);
    }
    const aside = this.asides.find((one) => one.do === request.method && isSame(one, request));
    return this.answer(aside ?? { at: 0, do: '', path: '', failure: 'unreachable' }, request);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private record(step: ExchangeStep): void {
    const { status, headers = {}, failure, sent = [], signed = false } = step;
    const now = this.clock.now();
    const said = isRefusal(step) ? readRefusal(this.refused(step)) : undefined;
    if (status !== undefined && status < 400) this.product = headers['server'] ?? this.product;
    const [kind = '', code = ''] = failure ? failures[failure] : [];
    this.exchanges.record(
      toRecordedExchange(
        {
          method: step.do,
          resource: resourceId(origin + step.path),
          startedAt: now.mono,
          ms: tookMs,
          sent,
          signed,
          headers: tellingHeaders(headers),
          ...(status !== undefined && { status }),
          ...(failure && { failure: `${kind} ${code}` }),
          ...(said && { refusal: said.info }),
          ...(said?.excerpt !== undefined && { excerpt: said.excerpt }),
        },
        now,
      ),
    );
  }

  private refused({ do: method, path, status = 0, headers = {}, body = '' }: ExchangeStep) {
    const { product } = this;
    const resource = resourceId(origin + path);
    return { method, resource, status, headers, body, ...(product !== undefined && { product }) };
  }

  private answer(step: ExchangeStep, { method, resource }: HttpRequest): Promise<HttpAnswer> {
    const { status, failure, headers = {}, body = '' } = step;
    if (status === undefined) {
      const [kind, code] = failures[failure ?? 'unreachable'];
      const maybeDone = kind === 'timeout' || kind === 'interrupted';
      return Promise.reject(new RemoteFailure(kind, { method, resource, code, maybeDone }));
    }
    const bytes = new TextEncoder().encode(body);
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(bytes);
    }
    return Promise.resolve({
      status,
      // The records leave out how an answer is framed.
      headers: { 'content-length': String(bytes.length), ...headers },
      sentAt: this.clock.now().mono,
      chunks,
      bytes: () => Promise.resolve(bytes),
      text: (limit = Infinity) =>
        Promise.resolve(new TextDecoder().decode(bytes.subarray(0, Math.min(limit, bytes.length)))),
      discard: () => Promise.resolve(),
      refusal: () => Promise.resolve(readRefusal(this.refused(step)).info),
    });
  }
}

function isSame({ path }: ExchangeStep, { resource }: HttpRequest): boolean {
  return resourceId(origin + path) === resource;
}

function isRefusal({ status = 0, do: method }: ExchangeStep): boolean {
  return status >= 400 || (status === 207 && method !== 'PROPFIND');
}
