import type { RemoteFailure } from '../model/failure';
import type { Clock } from '../model/ports';
import { serverOf, type ResourceId, type ServerId } from '../model/resource';

/** Upper limit for a server's Retry-After, in milliseconds. */
const longestMs = 15 * 60_000;

/**
 * Until when servers have asked to be left alone (Retry-After, RFC 9110 section 10.2.3): kept once, so that what one
 * request was answered holds for all that nobody waits for.
 */
export class ServerPauses {
  /** Monotonic milliseconds. */
  private readonly until = new Map<ServerId | ResourceId, number>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  note({ kind, resource, facts }: RemoteFailure): void {
    const ms = Math.min(longestMs, facts.retryAfterMs ?? 0);
    if (ms <= 0) return;
    const now = this.clock.now().mono;
    for (const [key, until] of this.until) if (until <= now) this.until.delete(key);
    // A server that is busy is so for all; whatever else is refused for a time concerns its file.
    const key = kind === 'busy' ? serverOf(resource) : resource;
    this.until.set(key, Math.max(now + ms, this.until.get(key) ?? 0));
  }

  /** Milliseconds until the server may be asked again; 0 if it may be now. */
  leftOfServer(server: ServerId): number {
    return this.left(server);
  }

  /** The same for one of its resources. */
  leftOf(resource: ResourceId): number {
    return Math.max(this.left(resource), this.left(serverOf(resource)));
  }

  private left(key: ServerId | ResourceId): number {
    return Math.max(0, (this.until.get(key) ?? 0) - this.clock.now().mono);
  }
}
