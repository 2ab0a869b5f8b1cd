import { window, type LogOutputChannel } from 'vscode';
import { isFailure } from '../core/model/failure';
import { redacted } from '../core/model/redaction';
import { plain } from './words/plainText';

interface LoggedExchange {
  readonly method: string;
  readonly resource: string;
  readonly status?: number;
  readonly failure?: string;
  readonly ms: number;
  readonly requestId?: string;
  /** A challenge: the same request was sent again, signed. */
  readonly repeated?: boolean;
}

const writes = new Set(['PUT', 'DELETE', 'MOVE', 'COPY', 'MKCOL', 'PROPPATCH', 'LOCK', 'UNLOCK']);

/**
 * The extension's log, which never steals focus. Callers pass no secrets, and what looks like a secret is
 * redacted.
 */
export class Log {
  /** How the last LOCK of a resource was refused. */
  private readonly refusedLocks = new Map<string, string>();

  constructor(
    private readonly channel: LogOutputChannel = window.createOutputChannel('Lock Status', { log: true }),
  ) {}

  info(text: string): void {
    this.channel.info(line(text));
  }

  warn(text: string): void {
    this.channel.warn(line(text));
  }

  /** One line per request: resource, outcome and duration. A write that was refused is worth a line at any time. */
  exchange(exchange: LoggedExchange): void {
    const { method, resource, status, failure, ms, requestId } = exchange;
    const id = requestId === undefined ? '' : ` request ${requestId}`;
    const text = line(`${method} ${resource} ${status ?? failure ?? ''} ${Math.round(ms)} ms${id}`);
    if (this.isNewRefusal(exchange)) this.channel.warn(`Refused: ${text}`);
    else this.channel.debug(text);
  }

  /** Logs an error with the server's request ID and text. */
  failure(doing: string, error: unknown): void {
    const detail = isFailure(error)
      ? describe(error.message, error.facts.requestId, error.facts.serverText)
      : String(error);
    this.channel.error(line(`${doing}: ${detail}`));
    if (error instanceof Error && !isFailure(error) && error.stack) this.channel.error(redacted(error.stack));
  }

  /** A wait asks for the same lock again and again: only its first refusal is news. */
  private isNewRefusal({ method, resource, status, failure, repeated }: LoggedExchange): boolean {
    if (!writes.has(method) || repeated) return false;
    const outcome = status === undefined ? failure : status >= 400 ? `${status}` : undefined;
    if (method !== 'LOCK') return outcome !== undefined;
    const isNew = outcome !== undefined && this.refusedLocks.get(resource) !== outcome;
    if (outcome === undefined) this.refusedLocks.delete(resource);
    else this.refusedLocks.set(resource, outcome);
    return isNew;
  }

  show(): void {
    this.channel.show();
  }

  dispose(): void {
    this.channel.dispose();
  }
}

function line(text: string): string {
  return plain(redacted(text), 2_000);
}

function describe(message: string, requestId: string | undefined, serverText: string | undefined): string {
  const parts = [message, requestId && `request ${requestId}`, serverText && `server says: ${serverText}`];
  return parts.filter(Boolean).join('; ');
}
