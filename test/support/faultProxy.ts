// Stands between a client and a real server, and lets things go wrong there as a test tells it to.
//
// The `Host` header goes on as the client sent it: it names this proxy, as the URLs in `If` and `Destination` do, so
// a server that compares them with its own address (they all take it from `Host`) finds them in agreement, and
// nothing has to be rewritten. Only the connection's own headers (`Connection`, `Keep-Alive`) are each side's own, and
// a request without a body says so to the server (`Content-Length: 0`), because Node would else announce one.
import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import {
  type Addressed,
  type Fault,
  type Match,
  Rule,
  answerBytes,
  changed,
  matches,
  skewed,
} from './faults';
import { listenOnFreePort } from './servers/plain';

/** One request that came, and what became of it. */
export interface Exchange {
  readonly method: string;
  /** As sent. */
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  /** What has come of the request's body, up to 64 KiB. */
  readonly body: string;
  /** The status that the server gave; undefined while or if it gave none. */
  readonly serverStatus: number | undefined;
  /** The status that the client was given, if any. */
  readonly status: number | undefined;
  readonly fault: Fault | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type HeaderFault = Extract<Fault, { kind: 'headers' }>;

/** A request under way: both ends, its record, and what is to befall it. */
interface Passage {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly exchange: Mutable<Exchange>;
  readonly headerFaults: readonly HeaderFault[];
}

const BODY_KEPT = 64 * 1024;
const OWN = ['Connection', 'Keep-Alive'];

export class FaultProxy {
  readonly exchanges: Exchange[] = [];
  private rules: Rule[] = [];
  private readonly events = new EventEmitter().setMaxListeners(0);
  private readonly sockets = new Set<net.Socket>();
  private readonly server = http.createServer(
    { keepAliveTimeout: 0, requestTimeout: 0 },
    (request, response) => {
      const { socket } = request;
      const before = this.isInTurn ? this.lastOf.get(socket) : undefined;
      const take = () => this.take(request, response);
      const taken = before ? before.then(() => (socket.destroyed ? undefined : take())) : take();
      this.lastOf.set(socket, taken);
    },
  );
  private readonly lastOf = new WeakMap<net.Socket, Promise<void>>();
  private ownPort = 0;

  /**
   * Told where to send each request: two nodes behind one address take turns. Requests of one connection are sent on at
   * once, as proxies do that have several connections to the server; in turn, the server gets each after the answer to
   * the one before it.
   */
  constructor(
    private readonly upstream: () => string,
    private readonly isInTurn = false,
  ) {
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    });
  }

  get port(): number {
    return this.ownPort;
  }

  /** With a trailing slash: http://127.0.0.1:PORT/ */
  get url(): string {
    return `http://127.0.0.1:${this.ownPort}/`;
  }

  async start(): Promise<void> {
    this.ownPort = await listenOnFreePort(this.server);
  }

  /** The first rule that fits a request decides; header faults all apply, together with it. */
  inject(match: Match, fault: Fault): Rule {
    const rule = new Rule(match, fault);
    this.rules.push(rule);
    return rule;
  }

  remove(rule: Rule): void {
    this.rules = this.rules.filter((one) => one !== rule);
  }

  /** Whether such a request, if it is the next one, never gets the whole of an answer. */
  stalls(request: Addressed): boolean {
    const fitting = this.rules.filter((rule) => rule.wouldBefall(request)).map((rule) => rule.fault);
    return fitting.find((fault) => fault.kind !== 'headers')?.kind === 'stall';
  }

  /** Everything goes well again. */
  clear(): void {
    this.rules = [];
  }

  count(match: Match = {}): number {
    return this.exchanges.filter((one) => matches(match, one)).length;
  }

  /** Resolves with the next request that matches: its head is here, the server has answered, or all is over with it. */
  next(match: Match = {}, moment: 'arrived' | 'answered' | 'over' = 'over'): Promise<Exchange> {
    return new Promise((resolve) => {
      const look = (exchange: Exchange): void => {
        if (!matches(match, exchange)) return;
        this.events.off(moment, look);
        resolve(exchange);
      };
      this.events.on(moment, look);
    });
  }

  /** Breaks all connections and refuses new ones. */
  async goOffline(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.breakConnections();
    await closed;
  }

  /** At the same address again. */
  async goOnline(): Promise<void> {
    this.server.listen(this.ownPort, '127.0.0.1');
    await once(this.server, 'listening');
  }

  breakConnections(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    if (this.server.listening) await this.goOffline();
  }

  private async take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const exchange: Mutable<Exchange> = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: '',
      serverStatus: undefined,
      status: undefined,
      fault: undefined,
    };
    const fitting = this.rules.filter((rule) => rule.befalls(exchange)).map((rule) => rule.fault);
    exchange.fault = fitting.find((fault) => fault.kind !== 'headers') ?? fitting[0];
    const headerFaults = fitting.filter((fault) => fault.kind === 'headers');
    this.exchanges.push(exchange);
    request.on('data', (part: Buffer) => {
      if (exchange.body.length < BODY_KEPT) exchange.body += part.toString('latin1');
    });
    request.pause();
    // The body was noted byte by byte, so that a cut within a character harms nothing.
    const over = (): void => {
      exchange.body = Buffer.from(exchange.body, 'latin1').toString('utf8');
      this.events.emit('over', exchange);
    };
    response.on('close', over);
    this.events.emit('arrived', exchange);
    try {
      await this.pass({ request, response, exchange, headerFaults });
    } catch {
      // Whichever side has gone: the other sees a broken connection, as it would without a proxy.
      request.socket.resetAndDestroy();
    }
  }

  private async pass(passage: Passage): Promise<void> {
    const { request, response, exchange } = passage;
    const fault = exchange.fault;
    if (fault?.kind === 'reset' && fault.at === 'beforeBody') return void request.socket.resetAndDestroy();
    if (fault?.kind === 'stall' && fault.at === 'request') return void request.resume();
    if (fault?.kind === 'reset' && fault.at === 'afterBody') {
      await buffer(request);
      return void request.socket.resetAndDestroy();
    }
    if (fault?.kind === 'hold' && fault.at === 'request') await fault.until;
    if (fault?.kind === 'answer' && fault.forward !== true) {
      await buffer(request);
    } else {
      const answer = await this.forward(passage);
      if (answer === undefined) return void request.socket.resetAndDestroy();
      exchange.serverStatus = answer.statusCode;
      this.events.emit('answered', exchange);
      if (!(await deliverFaulty(passage, answer))) deliver(passage, answer);
    }
    if (fault?.kind === 'answer') {
      exchange.status = fault.status;
      response.writeHead(fault.status, fault.headers ?? {});
      response.end(fault.body ?? '');
    }
  }

  /** Sends the request on; undefined when the script cuts it off on its way. */
  private forward({
    request,
    exchange,
    headerFaults,
    response,
  }: Passage): Promise<http.IncomingMessage | undefined> {
    const target = new URL(this.upstream());
    const { 'content-length': sized, 'transfer-encoding': coded } = request.headers;
    const bodiless =
      sized === undefined && coded === undefined ? { set: { 'Content-Length': '0' } } : undefined;
    const call = (target.protocol === 'https:' ? https : http).request({
      host: target.hostname,
      port: target.port,
      method: exchange.method,
      path: exchange.path,
      headers: changed(
        request.rawHeaders,
        { remove: OWN, set: { Connection: 'close' } },
        bodiless,
        ...headerFaults.map((fault) => fault.request),
      ),
      setHost: false,
      agent: false,
      rejectUnauthorized: false,
    });
    response.on('close', () => call.destroy());
    return new Promise((resolve, reject) => {
      call.on('response', resolve);
      call.on('error', reject);
      request.on('aborted', () => call.destroy());
      if (exchange.fault?.kind === 'reset' && exchange.fault.at === 'duringBody') {
        request.once('data', (part: Buffer) => {
          request.pause();
          // Half of what has come is on its way to the server before both connections break.
          call.write(part.subarray(0, Math.ceil(part.length / 2)), () => {
            resolve(undefined);
            call.destroy();
          });
        });
        // One without a body is cut off where the body would begin.
        request.once('end', () => {
          resolve(undefined);
          call.destroy();
        });
        request.resume();
      } else request.pipe(call);
    });
  }
}

export async function startFaultProxy(upstream: string | readonly string[]): Promise<FaultProxy> {
  const targets = typeof upstream === 'string' ? [upstream] : upstream;
  let turn = 0;
  const proxy = new FaultProxy(() => targets[turn++ % targets.length] ?? '');
  await proxy.start();
  return proxy;
}

function answerHeaders({ headerFaults }: Passage, answer: http.IncomingMessage): string[] {
  const skew = headerFaults.find((fault) => fault.clockSkew !== undefined)?.clockSkew;
  const clock = skew === undefined ? undefined : { set: { Date: skewed(answer.headers.date, skew) } };
  return changed(answer.rawHeaders, { remove: OWN }, clock, ...headerFaults.map((fault) => fault.answer));
}

function writeHead(passage: Passage, answer: http.IncomingMessage): void {
  const { response, exchange } = passage;
  exchange.status = answer.statusCode;
  response.sendDate = false;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', answerHeaders(passage, answer));
}

function deliver(passage: Passage, answer: http.IncomingMessage): void {
  writeHead(passage, answer);
  passage.response.flushHeaders();
  answer.on('error', () => passage.request.socket.resetAndDestroy());
  answer.pipe(passage.response);
}

/** Whether the script had something to say about the answer. */
async function deliverFaulty(passage: Passage, answer: http.IncomingMessage): Promise<boolean> {
  const { request, response, exchange } = passage;
  const { fault } = exchange;
  const { socket } = request;
  if (fault === undefined || fault.kind === 'headers' || (fault.kind === 'hold' && fault.at === 'request'))
    return false;
  const body = await buffer(answer);
  switch (fault.kind) {
    case 'reset':
      socket.resetAndDestroy();
      return true;
    case 'answer':
      return true;
    case 'hold':
      await fault.until;
      writeHead(passage, answer);
      response.end(body);
      return true;
    case 'stall':
      if (fault.at === 'body') {
        writeHead(passage, answer);
        response.flushHeaders();
        response.write(body.subarray(0, fault.keep ?? Math.floor(body.length / 2)));
      }
      return true;
    case 'truncate': {
      const whole = answerBytes(answer, answerHeaders(passage, answer), body);
      const head = whole.length - body.length;
      const kept =
        body.length === 0 ? Math.floor(head / 2) : head + (fault.keep ?? Math.floor(body.length / 2));
      exchange.status = answer.statusCode;
      socket.end(whole.subarray(0, kept));
      return true;
    }
    case 'repeat':
      writeHead(passage, answer);
      response.end(body, () => socket.write(answerBytes(answer, answerHeaders(passage, answer), body)));
      return true;
  }
}

async function buffer(stream: http.IncomingMessage): Promise<Buffer> {
  return Buffer.concat((await stream.toArray()) as Buffer[]);
}
