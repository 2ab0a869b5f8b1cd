import { Owner } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Stamp } from '../model/lock';
import type { RefusalInfo } from '../model/refusalInfo';
import { serverOf, type ResourceId, type ServerId } from '../model/resource';

/** One recorded exchange with a server: bounded in size and free of secrets. */
export interface RecordedExchange {
  readonly method: string;
  readonly resource: ResourceId;
  /** When the request was sent. */
  readonly at: Stamp;
  readonly ms: number;
  /** Absent if there was no response. */
  readonly status?: number;
  readonly failure?: string;
  readonly requestId?: string;
  /** Names of the conditions that were sent: `if`, `if-match`, … */
  readonly sent: readonly string[];
  /** Whether credentials were sent. */
  readonly signed?: boolean;
  /** The response was an authentication challenge, and the request was repeated with credentials. */
  readonly repeated?: boolean;
  /** Allow-listed response headers that identify the responding server. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the body of a refusal says. */
  readonly refusal?: RefusalInfo;
  /** The beginning of a refusal's body, sanitized. */
  readonly excerpt?: string;
}

const maxRecent = 200;
/** Per list: polls must not push out refusals, and refused reads must not push out refused writes. */
const maxRefusals = 60;
/** Per resource: a file that is saved repeatedly must not push out the others. */
const maxPerResource = 6;

const writes = new Set(['PUT', 'DELETE', 'MOVE', 'COPY', 'MKCOL', 'PROPPATCH', 'POST', 'PATCH', 'LOCK']);

/** Recent exchanges with the servers, used to diagnose refusals. */
export class Exchanges extends Owner {
  private readonly recent: RecordedExchange[] = [];
  private readonly refusedReads: RecordedExchange[] = [];
  private refusedWrites: RecordedExchange[] = [];
  private readonly challenging = new Set<ServerId>();
  /** By server, until the next is recorded: a poll is diagnosed by the same exchanges several times. */
  private readonly sorted = new Map<ServerId, readonly RecordedExchange[]>();
  private readonly recorded = this.owned.add(new Emitter<RecordedExchange>());
  readonly onDidRecord = this.recorded.event;

  record(exchange: RecordedExchange): void {
    // An answered challenge is no refusal, but shows what needs a sign-in.
    if (exchange.status === 401 && !exchange.signed && !isWrite(exchange))
      this.challenging.add(serverOf(exchange.resource));
    if (exchange.repeated) return;
    this.sorted.clear();
    if (!isRefused(exchange)) keepLatest(this.recent, exchange, maxRecent);
    else if (!isWrite(exchange)) keepLatest(this.refusedReads, exchange, maxRefusals);
    else this.keepRefusedWrite(exchange);
    this.recorded.fire(exchange);
  }

  /** Oldest first. */
  onServer(server: ServerId): readonly RecordedExchange[] {
    const known = this.sorted.get(server);
    if (known) return known;
    const below = `${server}/`;
    const found = [...this.recent, ...this.refusedReads, ...this.refusedWrites]
      .filter(({ resource }) => resource.startsWith(below) || serverOf(resource) === server)
      .sort((one, other) => one.at.mono - other.at.mono);
    this.sorted.set(server, found);
    return found;
  }

  /** Whether the server refused a read without credentials. */
  readsNeedSignIn(server: ServerId): boolean {
    return this.challenging.has(server);
  }

  private keepRefusedWrite(exchange: RecordedExchange): void {
    const here = this.refusedWrites.filter(({ resource }) => resource === exchange.resource);
    const dropped = here.length >= maxPerResource ? here[0] : undefined;
    this.refusedWrites = this.refusedWrites.filter((one) => one !== dropped);
    keepLatest(this.refusedWrites, exchange, maxRefusals);
  }
}

function keepLatest(exchanges: RecordedExchange[], latest: RecordedExchange, max: number): void {
  exchanges.push(latest);
  if (exchanges.length > max) exchanges.shift();
}

/** Whether it would have changed something or taken a lock. */
function isWrite({ method }: RecordedExchange): boolean {
  return writes.has(method);
}

/** Whether it tried to write or to lock. A successful refresh says nothing about an earlier refusal. */
export function isWriteAttempt(exchange: RecordedExchange): boolean {
  const isRefresh = exchange.method === 'LOCK' && exchange.sent.includes('if');
  return isWrite(exchange) && !(isRefresh && !isRefused(exchange));
}

/** The effective status: for a 207, that of the member that caused the failure. */
export function statusOf({ status, refusal }: RecordedExchange): number | undefined {
  const [first] = refusal?.members ?? [];
  return first ? (refusal?.members?.find((member) => member.status !== 424) ?? first).status : status;
}

export function isRefused(exchange: RecordedExchange): boolean {
  const status = statusOf(exchange) ?? 0;
  return status >= 400 || (isWrite(exchange) && status > 0 && !isConfirmed(status, exchange));
}

/** An HTML page or a redirect in answer to a write is no success (RFC 9110 section 9.3.4). */
function isConfirmed(status: number, { headers }: RecordedExchange): boolean {
  if (status === 200) return !/^\s*(?:text\/html|application\/xhtml)/i.test(headers['content-type'] ?? '');
  return status > 200 && status < 300;
}

/**
 * The server's clock minus ours in milliseconds, from its latest Date headers (one second's resolution); undefined
 * if it sends none.
 */
export function clockSkewOf(
  exchanges: readonly RecordedExchange[],
  parse: (date: string) => number,
): number | undefined {
  const skews = exchanges
    .slice(-9)
    .flatMap(({ headers: { date }, at, ms }) =>
      date === undefined ? [] : parse(date) + 500 - (at.wall + ms / 2),
    )
    .filter((skew) => Number.isFinite(skew))
    .sort((one, other) => one - other);
  return skews[Math.floor(skews.length / 2)];
}
