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
}

/**
 * The extension's log, which never steals focus. Callers pass no secrets, and what looks like a secret is
 * redacted.
 */
export class Log {
  constructor(
    private readonly channel: LogOutputChannel = window.createOutputChannel('Lock Status', { log: true }),
  ) {}

  info(text: string): void {
    this.channel.info(line(text));
  }

  warn(text: string): void {
    this.channel.warn(line(text));
  }

  /** One line per request: resource, outcome and duration. */
  exchange({ method, resource, status, failure, ms, requestId }: LoggedExchange): void {
    const id = requestId === undefined ? '' : ` request ${requestId}`;
    this.channel.debug(line(`${method} ${resource} ${status ?? failure ?? ''} ${Math.round(ms)} ms${id}`));
  }

  /** Logs an error with the server's request ID and text. */
  failure(doing: string, error: unknown): void {
    const detail = isFailure(error)
      ? describe(error.message, error.facts.requestId, error.facts.serverText)
      : String(error);
    this.channel.error(line(`${doing}: ${detail}`));
    if (error instanceof Error && !isFailure(error) && error.stack) this.channel.error(redacted(error.stack));
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
