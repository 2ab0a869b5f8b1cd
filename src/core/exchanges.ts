import { Emitter } from '../base/emitter';
import type { Stamp } from './lock';
import type { RefusalTold } from './refusalTold';
import { serverOf, type ResourceId, type ServerId } from './resource';

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
  /** Answer headers that tell who answered, by an allow-list. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the body of a refusal says. */
  readonly told?: RefusalTold;
  /** The beginning of a refusal's body, washed. */
  readonly excerpt?: string;
}

const keptInAll = 200;
/** Polls must not push out what was refused. */
const keptRefusals = 60;

/** What the servers have answered lately, for finding out why something is refused. */
export class Exchanges {
  private recent: RecordedExchange[] = [];
  private refusals: RecordedExchange[] = [];
  private readonly recorded = new Emitter<RecordedExchange>();
  readonly onDidRecord = this.recorded.event;

  record(exchange: RecordedExchange): void {
    if (isRefused(exchange)) this.refusals = [...this.refusals, exchange].slice(-keptRefusals);
    else this.recent = [...this.recent.slice(1 - keptInAll), exchange];
    this.recorded.fire(exchange);
  }

  /** Oldest first. */
  onServer(server: ServerId): RecordedExchange[] {
    return [...this.recent, ...this.refusals]
      .filter(({ resource }) => serverOf(resource) === server)
      .sort((one, other) => one.at.mono - other.at.mono);
  }

  dispose(): void {
    this.recorded.dispose();
  }
}

/** The status that counts: inside a 207 that of the member which caused it. */
export function statusOf({ status, told }: RecordedExchange): number | undefined {
  const [first] = told?.members ?? [];
  return first ? (told?.members?.find((member) => member.status !== 424) ?? first).status : status;
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
