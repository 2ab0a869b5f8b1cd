import type { Expiry, Stamp } from '../../../core/model/lock';
import { Memo } from './memo';

const mostItems = 16;
const tenYears = 10 * 365 * 24 * 3600;

/**
 * Parses a TimeType (RFC 4918 sections 10.7 and 14.29) as servers write it: `Second-600`, `Second-599.999`,
 * `Infinite`, `Infinity`, or a list, whose first valid item counts. Returns seconds, `Infinity` for no timeout or
 * one beyond ten years, and undefined if nothing is valid.
 */
export function parseTimeout(text: string | undefined): number | undefined {
  for (const item of (text ?? '').split(',', mostItems)) {
    if (/^\s*infinit[ey]\s*$/i.test(item)) return Infinity;
    const seconds = /^\s*Second-(\d+(?:\.\d+)?)\s*$/i.exec(item)?.[1];
    if (seconds !== undefined) return Number(seconds) > tenYears ? Infinity : Number(seconds);
  }
  return undefined;
}

/** Reads the expiry times of one listing's locks, counted from the time of the request. */
export class ExpiryReader {
  readonly #requestedAt: Stamp;
  readonly #unitMs: number;
  readonly #expiries = new Memo((text: string) => this.#read(parseTimeout(text)));

  /** @param unitMs what the server means by a second. */
  constructor(requestedAt: Stamp, unitMs = 1000) {
    this.#requestedAt = requestedAt;
    this.#unitMs = unitMs;
  }

  expiryOf(text = ''): Expiry {
    return this.#expiries.of(text, text);
  }

  #read(seconds: number | undefined): Expiry {
    if (seconds === undefined) return { kind: 'unknown' };
    return seconds === Infinity
      ? { kind: 'never' }
      : { kind: 'at', at: later(this.#requestedAt, seconds * this.#unitMs) };
  }
}

/**
 * The timeout granted to our own lock in milliseconds, `Infinity` for none. Undefined if unreliable: `Second-0`
 * means no timeout on some servers and expired on others.
 *
 * @param requested requested seconds. A value about 1000 times larger is milliseconds, written by mistake, and no
 *   more than twice the request is trusted: the lock is refreshed before that.
 */
export function grantedMs(text: string | undefined, requested: number): number | undefined {
  const seconds = parseTimeout(text);
  if (seconds === undefined || seconds === 0) return undefined;
  if (seconds === Infinity || requested <= 0) return seconds * 1000;
  return isMilliseconds(seconds, requested) ? seconds : Math.min(seconds, 2 * requested) * 1000;
}

/** Whether a timeout in answer to our request is in milliseconds. A lock that is listed later has a little less left. */
function isMilliseconds(seconds: number, requested: number): boolean {
  return seconds <= requested * 1000 && seconds > requested * 900;
}

export function later(stamp: Stamp, ms: number): Stamp {
  return { mono: stamp.mono + ms, wall: stamp.wall + ms };
}
