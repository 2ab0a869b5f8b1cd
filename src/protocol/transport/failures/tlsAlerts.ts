import type { TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';

/**
 * Remembers the TLS alert that ended a connection. With TLS 1.3 a server refuses a client's certificate after the
 * handshake (RFC 8446 section 4.4.2.4), when the request may be on its way, and undici then reports only that the other
 * side has closed.
 */
export class TlsAlerts {
  private readonly byPort = new Map<number, Error>();

  /** The connector, with an ear for alerts. */
  heard(connect: buildConnector.connector): buildConnector.connector {
    return (options, callback) =>
      connect(options, (...result: Parameters<buildConnector.Callback>) => {
        const [, socket] = result;
        if (socket && 'encrypted' in socket) this.listen(socket);
        callback(...result);
      });
  }

  /** The alert behind the error, if there was one; else the error itself. */
  behind(error: unknown): unknown {
    const port = portOf(error);
    return (port !== undefined && this.byPort.get(port)) || error;
  }

  private listen(socket: TLSSocket): void {
    const port = socket.localPort;
    if (port === undefined) return;
    this.byPort.delete(port);
    socket.on('error', (error: Error) => {
      if ('code' in error && /^ERR_SSL_.*_ALERT_/.test(String(error.code))) this.byPort.set(port, error);
    });
  }
}

/** undici's errors tell which socket they are about. */
function portOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('socket' in error)) return undefined;
  return (error.socket as { localPort?: number } | undefined)?.localPort;
}
