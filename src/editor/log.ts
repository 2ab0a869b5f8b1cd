import { window, type LogOutputChannel } from 'vscode';
import { isFailure } from '../core/failure';
import { plain } from './plainText';

interface LoggedExchange {
  readonly method: string;
  readonly resource: string;
  readonly status?: number;
  readonly failure?: string;
  readonly ms: number;
  readonly requestId?: string;
}

/** The extension's log. Never steals focus; nothing secret is ever given to it. */
export class Log {
  private readonly channel: LogOutputChannel = window.createOutputChannel('Lock Status', { log: true });

  info(text: string): void {
    this.channel.info(plain(text, 2_000));
  }

  warn(text: string): void {
    this.channel.warn(plain(text, 2_000));
  }

  /** One line per request; what it was about, how it ended, how long it took. */
  exchange({ method, resource, status, failure, ms, requestId }: LoggedExchange): void {
    const id = requestId === undefined ? '' : ` request ${requestId}`;
    this.channel.debug(
      plain(`${method} ${resource} ${status ?? failure ?? ''} ${Math.round(ms)} ms${id}`, 1_000),
    );
  }

  /** An error with what is known of it. */
  failure(doing: string, error: unknown): void {
    const detail = isFailure(error)
      ? describe(error.message, error.facts.requestId, error.facts.serverText)
      : String(error);
    this.channel.error(plain(`${doing}: ${detail}`, 2_000));
    if (error instanceof Error && !isFailure(error) && error.stack) this.channel.error(error.stack);
  }

  show(): void {
    this.channel.show();
  }

  dispose(): void {
    this.channel.dispose();
  }
}

function describe(message: string, requestId: string | undefined, serverText: string | undefined): string {
  const parts = [message, requestId && `request ${requestId}`, serverText && `server says: ${serverText}`];
  return parts.filter(Boolean).join('; ');
}
