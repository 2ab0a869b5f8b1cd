import { EventEmitter } from 'node:events';
import type { FailureKind } from '../../../core/model/failure';

/** Why this side ended an exchange. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';

  constructor(
    readonly kind: FailureKind & ('timeout' | 'canceled' | 'badAnswer'),
    readonly code: string,
  ) {
    super(`${kind}: ${code}`);
  }
}

/**
 * Ends one request when its time is up or its caller cancels it. To undici it is an abort signal in the form of a plain
 * emitter, because creating a real AbortSignal and listening to it takes a third as long as a whole request.
 */
export class Watch extends EventEmitter {
  /** Set when the event `abort` is sent. */
  reason: GivenUp | undefined;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;
  private readonly cancel = () => this.giveUp(new GivenUp('canceled', 'ABORTED'));

  constructor(private readonly outer: AbortSignal | undefined) {
    super();
    if (outer?.aborted) this.cancel();
    else outer?.addEventListener('abort', this.cancel, { once: true });
  }

  get aborted(): boolean {
    return this.reason !== undefined;
  }

  /** Restarts the time limit, in milliseconds; `code` names what it is for. */
  allow(ms: number, code: string): void {
    clearTimeout(this.timer);
    if (this.ended) return;
    this.timer = setTimeout(() => this.giveUp(new GivenUp('timeout', code)), ms);
  }

  /** Only the first reason counts. */
  giveUp(reason: GivenUp): void {
    this.end();
    if (this.reason) return;
    this.reason = reason;
    this.emit('abort');
  }

  /** Settles as the promise does, or rejects with the reason if that comes first. */
  orGivenUp<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const givenUp = () => reject(this.reason ?? new GivenUp('canceled', 'ABORTED'));
      if (this.aborted) givenUp();
      else this.once('abort', givenUp);
      const settled = () => this.off('abort', givenUp);
      void promise.then(resolve, reject).then(settled);
    });
  }

  /** Stops watching; a reason that was set stays. */
  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.outer?.removeEventListener('abort', this.cancel);
  }
}
