import { Emitter } from '../../base/emitter';
import type { Stamp } from '../model/lock';
import type { RefusalInfo } from '../model/refusalInfo';
import { serverOf, type ResourceId, type ServerId } from '../model/resource';

/** One exchange with a server as evidence: bounded, and without anything secret. */
export interface RecordedExchange {
  readonly method: string;
  readonly resource: ResourceId;
  /** When the request was sent. */
  readonly at: Stamp;
  readonly ms: number;
  /** Absent where no answer came. */
  readonly status?: number;
  readonly failure?: string;
  readonly requestId?: string;
  /** Names of the conditions that were sent: `if`, `if-match`, … */
  readonly sent: readonly string[];
  /** Whether credentials went along. */
  readonly signed?: boolean;
  /** A challenge: the same request was sent again at once, signed for it. */
  readonly repeated?: boolean;
  /** Answer headers that tell who answered, by an allow-list. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the body of a refusal says. */
  readonly refusal?: RefusalInfo;
  /** The beginning of a refusal's body, washed. */
  readonly excerpt?: string;
}

const keptInAll = 200;
/** Of each: polls must not push out what was refused, and refused questions not what was refused to be written. */
const keptRefusals = 60;
/** Of one resource: a file that is saved again and again must not push out the others. */
const keptOfResource = 6;

const writes = new Set(['PUT', 'DELETE', 'MOVE', 'COPY', 'MKCOL', 'PROPPATCH', 'POST', 'PATCH', 'LOCK']);

/** What the servers have answered lately, for finding out why something is refused. */
export class Exchanges {
  private recent: RecordedExchange[] = [];
  private refusedReads: RecordedExchange[] = [];
  private refusedWrites: RecordedExchange[] = [];
  private readonly recorded = new Emitter<RecordedExchange>();
  readonly onDidRecord = this.recorded.event;

  record(exchange: RecordedExchange): void {
    // A challenge that was answered refused nothing.
    if (exchange.repeated) return;
    if (!isRefused(exchange)) this.recent = [...this.recent.slice(1 - keptInAll), exchange];
    else if (!isWrite(exchange)) this.refusedReads = [...this.refusedReads.slice(1 - keptRefusals), exchange];
    else this.keepRefusedWrite(exchange);
    this.recorded.fire(exchange);
  }

  /** Oldest first. */
  onServer(server: ServerId): RecordedExchange[] {
    return [...this.recent, ...this.refusedReads, ...this.refusedWrites]
      .filter(({ resource }) => serverOf(resource) === server)
      .sort((one, other) => one.at.mono - other.at.mono);
  }

  dispose(): void {
    this.recorded.dispose();
  }

  private keepRefusedWrite(exchange: RecordedExchange): void {
    const here = this.refusedWrites.filter(({ resource }) => resource === exchange.resource);
    const tooMany = here.length >= keptOfResource ? here[0] : undefined;
    const kept = this.refusedWrites.filter((one) => one !== tooMany);
    this.refusedWrites = [...kept.slice(1 - keptRefusals), exchange];
  }
}

/** Whether it would have changed something, or taken a lock. */
function isWrite({ method }: RecordedExchange): boolean {
  return writes.has(method);
}

/** Whether it was a try to write or to lock. A refresh that succeeds says nothing of what was refused before. */
export function isTry(exchange: RecordedExchange): boolean {
  const isRefresh = exchange.method === 'LOCK' && exchange.sent.includes('if');
  return isWrite(exchange) && !(isRefresh && !isRefused(exchange));
}

/** The status that counts: inside a 207 that of the member which caused it. */
export function statusOf({ status, refusal }: RecordedExchange): number | undefined {
  const [first] = refusal?.members ?? [];
  return first ? (refusal?.members?.find((member) => member.status !== 424) ?? first).status : status;
}

export function isRefused(exchange: RecordedExchange): boolean {
  return (statusOf(exchange) ?? 0) >= 400;
}

/**
 * The server's clock minus ours in milliseconds, by its latest Date headers (one second's resolution); undefined where
 * it sends none.
 */
export function skewIn(
  exchanges: readonly RecordedExchange[],
  parse: (date: string) => number,
): number | undefined {
  const skews = exchanges
    .slice(-9)
    .map(({ headers, at, ms }) => parse(headers.date ?? '') + 500 - (at.wall + ms / 2))
    .filter((skew) => Number.isFinite(skew))
    .sort((one, other) => one - other);
  return skews[Math.floor(skews.length / 2)];
}
