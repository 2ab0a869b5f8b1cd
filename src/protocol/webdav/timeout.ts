import type { Expiry, Stamp } from '../../core/model/lock';
import { Memo } from './memo';

const mostItems = 16;
const tenYears = 10 * 365 * 24 * 3600;

/**
 * A TimeType (RFC 4918 sections 10.7 and 14.29) as servers write it: `Second-600`, `Second-599.999`, `Infinite`,
 * `Infinity`, or a list of which the first item that can be read counts. Seconds; `Infinity` for no end, also where
 * the number is beyond anybody's use; undefined for what cannot be read.
 */
export function parseTimeout(text: string | undefined): number | undefined {
  for (const item of (text ?? '').split(',', mostItems)) {
    if (/^\s*infinit[ey]\s*$/i.test(item)) return Infinity;
    const seconds = /^\s*Second-(\d+(?:\.\d+)?)\s*$/i.exec(item)?.[1];
    if (seconds !== undefined) return Number(seconds) > tenYears ? Infinity : Number(seconds);
  }
  return undefined;
}

/** Reads when the locks of one listing end, counted from when it was asked for. */
export class ExpiryReader {
  readonly #asked: Stamp;
  readonly #known = new Memo((text: string) => this.#read(parseTimeout(text)));

  constructor(asked: Stamp) {
    this.#asked = asked;
  }

  expiryOf(text = ''): Expiry {
    return this.#known.of(text, text);
  }

  #read(seconds: number | undefined): Expiry {
    if (seconds === undefined) return { kind: 'unknown' };
    return seconds === Infinity ? { kind: 'never' } : { kind: 'at', at: later(this.#asked, seconds * 1000) };
  }
}

/**
 * How long our own lock was granted, in milliseconds; `Infinity` for no end, undefined where nothing can be relied on:
 * `Second-0` means no end on some servers and elapsed on others.
 *
 * @param asked seconds that we asked for: the same number a thousand times larger is milliseconds by mistake.
 */
export function grantedMs(text: string | undefined, asked: number): number | undefined {
  const seconds = parseTimeout(text);
  if (seconds === undefined || seconds === 0) return undefined;
  return seconds === asked * 1000 ? asked * 1000 : seconds * 1000;
}

export function later(stamp: Stamp, ms: number): Stamp {
  return { mono: stamp.mono + ms, wall: stamp.wall + ms };
}
