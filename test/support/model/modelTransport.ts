// One person's connection to the model: a transport without sockets, with what a test lets go wrong on it.
import type { LockId } from '../../../src/core/model/lock';
import type { RefusalInfo } from '../../../src/core/model/refusalInfo';
import type { ResourceId } from '../../../src/core/model/resource';
import { isFailure, RemoteFailure } from '../../../src/core/model/failure';
import type { Exchange, HttpAnswer, HttpRequest, Transport } from '../../../src/protocol/transport/http';
import { lockIdOf } from '../../../src/protocol/webdav/reading/token';
import { readRefusal } from '../../../src/protocol/refusals/read';
import { conditionsIn } from '../../../src/protocol/transport/record';
import { Mishaps, maybeDone, type Mishap, type Operation } from '../core/mishaps';
import type { ModelLock } from '../core/modelServer';
import { type Asked, askedOf, type Outcome, type Said, say } from './request';
import type { WireServer } from './wireServer';

export class ModelTransport implements Transport {
  readonly answersTwice = false;
  readonly mishaps = new Mishaps();
  /** Called before and after each request passes the wire; a test may let time pass there. */
  travel: (operation: Operation, way: 'there' | 'back') => Promise<void> = () => Promise.resolve();
  /** Whether every request is refused to connect. */
  offline = false;
  onExchange: (exchange: Exchange) => void = () => undefined;
  window = '';
  /** Requests that were sent right behind another. */
  pipelined = 0;
  /** Requests under way. */
  pending = 0;
  /** Whether the window knows a lock as its own. */
  owns: (id: LockId) => boolean = () => false;
  /** The locks that single resources had when they were listed. */
  readonly listed: { readonly resource: ResourceId; readonly lock: ModelLock | undefined }[] = [];

  constructor(
    private readonly server: WireServer,
    private readonly who: string,
  ) {}

  async send(request: HttpRequest): Promise<HttpAnswer> {
    const { next } = request;
    const { pipelined: way = 'never' } = this.server.model.habits;
    if (!next || way === 'never') return this.recorded(request, () => this.exchange(request));
    // By the time that each takes there, either may come first.
    const early =
      way === 'at once' ? this.recorded(next.request, () => this.exchange(next.request)) : undefined;
    let heard: Outcome | undefined;
    const first = this.recorded(request, () =>
      this.exchange(request, (outcome) => {
        if (!early) heard = this.behind(request, next.request, outcome);
      }),
    );
    const second =
      early ?? this.recorded(next.request, () => this.heardAfter(first, next.request, () => heard));
    const both = Promise.all([second, first]);
    this.pipelined += 1;
    if (way === 'swapped') {
      next.onSent(both.then(([, answer]) => answer));
      return (await both)[0];
    }
    next.onSent(both.then(([answer]) => answer));
    return first;
  }

  private async recorded(request: HttpRequest, exchange: () => Promise<Said>): Promise<HttpAnswer> {
    const startedAt = this.server.model.clock.now().mono;
    const { method, resource, headers } = request;
    const record = (more: Pick<Exchange, 'status' | 'headers' | 'failure' | 'refusal'>) =>
      this.onExchange({ method, resource, startedAt, ms: 0, sent: conditionsIn(headers), ...more });
    this.pending += 1;
    try {
      const said = await exchange();
      const { status, headers: told } = said;
      const info = () => refusalIn(said, request);
      record({ status, headers: told, ...(status >= 400 && { refusal: info() }) });
      this.hears();
      return answer(said, { sentAt: startedAt, refusal: () => Promise.resolve(info()) });
    } catch (error) {
      if (isFailure(error)) record({ headers: {}, failure: error.kind });
      throw error;
    } finally {
      this.pending -= 1;
    }
  }

  /** What the server says to a request right behind a write. */
  private behind(write: HttpRequest, next: HttpRequest, outcome: Outcome): Outcome {
    const { files, habits } = this.server.model;
    const file = files.get(write.resource);
    const isDone = outcome !== 'died' && outcome.status < 300;
    const isHalfDone = habits.pipelined === 'half done' && isDone && file !== undefined;
    if (isHalfDone) {
      const bytes = file.bytes.slice(0, file.bytes.length / 2);
      files.set(write.resource, { ...file, bytes, serial: file.serial + 0.5 });
    }
    const said = this.server.answer(this.asked(next));
    if (isHalfDone) files.set(write.resource, file);
    this.listed.push({ resource: next.resource, lock: this.server.model.lockOn(next.resource) });
    return said;
  }

  private async heardAfter(
    first: Promise<unknown>,
    { method, resource }: HttpRequest,
    heard: () => Outcome | undefined,
  ): Promise<Said> {
    const mishap = this.mishaps.next('stat');
    await first;
    const outcome = heard();
    if (mishap || outcome === undefined || outcome === 'died')
      throw new RemoteFailure(mishap?.kind ?? 'interrupted', { method, resource });
    return outcome;
  }

  private asked(request: HttpRequest): Asked {
    return askedOf(request, { who: this.who, window: this.window });
  }

  /** A lock that its window knows has been heard of, however that came. */
  private hears(): void {
    const { unheard } = this.server.model;
    for (const token of unheard) if (this.owns(lockIdOf(token))) unheard.delete(token);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** @param arrived called when the server has done it, before anything else happens there. */
  private async exchange(
    request: HttpRequest,
    arrived: (outcome: Outcome) => void = () => undefined,
  ): Promise<Said> {
    const { method, resource } = request;
    const operation = operationOf(request);
    const mishap = this.mishaps.next(operation);
    const failed = (kind: Mishap['kind'], facts: { readonly maybeDone?: boolean } = {}) =>
      new RemoteFailure(kind, { method, resource, ...facts });
    if (request.signal?.aborted) throw failed('canceled');
    await this.travel(operation, 'there');
    if (this.offline) throw failed('unreachable');
    const asked = this.asked(request);
    const arriving =
      mishap?.cutAt === undefined ? asked : { ...asked, body: asked.body.slice(0, mishap.cutAt) };
    const isReached = !mishap || mishap.lost === true || mishap.cutAt !== undefined;
    const outcome = isReached ? this.server.answer(arriving) : undefined;
    if (outcome !== undefined) arrived(outcome);
    if (method === 'PROPFIND') this.listed.push({ resource, lock: this.server.model.lockOn(resource) });
    await this.travel(operation, 'back');
    if (outcome === 'died') throw failed('interrupted', { maybeDone: true });
    if (mishap?.kind === 'serverFault') return this.server.failed(say(500));
    if (mishap) throw failed(mishap.kind, maybeDone(mishap));
    if (request.signal?.aborted) throw failed('canceled', { maybeDone: true });
    return outcome ?? say(500);
  }
}

function operationOf({ method, body, headers }: HttpRequest): Operation {
  if (method === 'LOCK') return body === undefined ? 'refresh' : 'lock';
  if (method === 'PROPFIND') return headers?.['depth'] === '1' ? 'list' : 'stat';
  const operations = { GET: 'read', PUT: 'write', UNLOCK: 'unlock', DELETE: 'remove', MOVE: 'move' } as const;
  return operations[method as keyof typeof operations] ?? 'stat';
}

function bytesIn({ body }: Said): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body;
}

function refusalIn(said: Said, { resource }: HttpRequest): RefusalInfo {
  const { headers } = said;
  return readRefusal({ resource, headers, body: new TextDecoder().decode(bytesIn(said)) }).info;
}

function answer(said: Said, { sentAt, refusal }: Pick<HttpAnswer, 'sentAt' | 'refusal'>): HttpAnswer {
  const { status, headers } = said;
  const bytes = bytesIn(said);
  return {
    status,
    headers,
    sentAt,
    async *chunks() {
      yield await Promise.resolve(bytes);
    },
    bytes: () => Promise.resolve(bytes.slice()),
    text: (limit = Infinity) =>
      Promise.resolve(new TextDecoder().decode(bytes.subarray(0, Math.min(limit, bytes.length)))),
    refusal,
    discard: () => Promise.resolve(),
  };
}
