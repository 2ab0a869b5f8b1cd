import type { RemoteFailure } from '../model/failure';
import type { Clock } from '../model/ports';
import { serverOf, type ResourceId, type ServerId } from '../model/resource';

/** Upper limit for a server's Retry-After, in milliseconds. */
const longestMs = 15 * 60_000;

/** On the monotonic clock. */
interface Pause {
  readonly noted: number;
  readonly until: number;
}

/**
 * Until when servers have asked to be left alone (Retry-After, RFC 9110 section 10.2.3): kept once, so that what one
 * request was answered holds for all that nobody waits for.
 */
export class ServerPauses {
  private readonly pauses = new Map<ServerId | ResourceId, Pause>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  note({ kind, resource, facts }: RemoteFailure): void {
    const ms = Math.min(longestMs, facts.retryAfterMs ?? 0);
    if (ms <= 0) return;
    const now = this.clock.now().mono;
    for (const [key, { until }] of this.pauses) if (until <= now) this.pauses.delete(key);
    // A server that is busy is so for all; whatever else is refused for a time concerns its file.
    const key = kind === 'busy' ? serverOf(resource) : resource;
    this.pauses.set(key, { noted: now, until: Math.max(now + ms, this.pauses.get(key)?.until ?? 0) });
  }

  /**
   * What a person did themselves succeeded, so the server is no longer busy. What goes on in the background is no such
   * proof: a busy server answers some requests, and was asked to be spared just these.
   *
   * @param since when it began, monotonic: an answer from before the pause says nothing about it.
   */
  lift(resource: ResourceId, since: number): void {
    for (const key of [resource, serverOf(resource)]) {
      const pause = this.pauses.get(key);
      if (pause && pause.noted <= since) this.pauses.delete(key);
    }
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
    return Math.max(0, (this.pauses.get(key)?.until ?? 0) - this.clock.now().mono);
  }
}
