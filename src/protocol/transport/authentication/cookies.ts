import { isSendable } from '../headerText';

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** On the transport's clock; Infinity for a session cookie. */
  readonly endsAt: number;
}

/** Limits that RFC 6265 section 6.1 asks for at least. */
const mostCookies = 50;
const mostChars = 4096;

/**
 * The cookies of one origin, in memory only (RFC 6265). Some servers and gateways sign in by a session cookie and send a
 * client without it round in a circle. A cookie never leaves its origin, so `Domain` only decides whether it is kept.
 */
export class Cookies {
  private readonly kept = new Map<string, Cookie>();

  constructor(
    private readonly origin: URL,
    private readonly now: () => number,
  ) {}

  /** The `Cookie` header for a path, longer paths first (section 5.4). */
  headerFor(path: string): string | undefined {
    const now = this.now();
    for (const [key, { endsAt }] of this.kept) if (endsAt <= now) this.kept.delete(key);
    const found = [...this.kept.values()].filter((cookie) => covers(cookie.path, path));
    found.sort((a, b) => b.path.length - a.path.length);
    const header = found.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ');
    return header === '' ? undefined : header;
  }

  /** Takes a `Set-Cookie` of an answer for a path; a date in it counts from the answer's own `Date`. */
  take(line: string, path: string, date: string | undefined): void {
    if (line.length > mostChars || !isSendable(line)) return;
    const [pair = '', ...rest] = line.split(';');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(equals, 0)).trim();
    const value = pair.slice(equals + 1).trim();
    const attributes = new Map(rest.map(attribute));
    if ((name === '' && value === '') || !this.isForUs(attributes)) return;
    const asked = attributes.get('path') ?? '';
    const cookie = {
      name,
      value,
      path: asked.startsWith('/') ? asked : defaultPath(path),
      endsAt: this.endOf(attributes, date),
    };
    const key = `${name}\n${cookie.path}`;
    this.kept.delete(key);
    if (cookie.endsAt <= this.now()) return;
    this.kept.set(key, cookie);
    const [oldest] = this.kept.keys();
    if (this.kept.size > mostCookies && oldest !== undefined) this.kept.delete(oldest);
  }

  private isForUs(attributes: ReadonlyMap<string, string>): boolean {
    const { hostname, protocol } = this.origin;
    if (attributes.has('secure') && protocol !== 'https:') return false;
    const domain = (attributes.get('domain') ?? '').replace(/^\./, '').toLowerCase();
    return domain === '' || domain === hostname || hostname.endsWith(`.${domain}`);
  }

  private endOf(attributes: ReadonlyMap<string, string>, date: string | undefined): number {
    const age = attributes.get('max-age');
    if (age !== undefined && /^-?\d{1,15}$/.test(age)) return this.now() + Number(age) * 1000;
    const until = Date.parse(attributes.get('expires') ?? '');
    if (Number.isNaN(until)) return Infinity;
    const since = Date.parse(date ?? '');
    return this.now() + until - (Number.isNaN(since) ? Date.now() : since);
  }
}

function attribute(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  return equals < 0
    ? [text.trim().toLowerCase(), '']
    : [text.slice(0, equals).trim().toLowerCase(), text.slice(equals + 1).trim()];
}

/** RFC 6265 section 5.1.4. */
function defaultPath(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1));
}

function covers(cookiePath: string, path: string): boolean {
  if (path === cookiePath) return true;
  return path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
