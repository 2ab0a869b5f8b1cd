import { asContact } from '../../core/model/contact';
import type { ReportedHolder } from '../../core/model/refusalInfo';
import { plainLine } from '../../core/model/plainLine';
import { redacted } from '../../core/model/redaction';

const maxRead = 8 * 1024;
const maxName = 120;
const maxReason = 500;
const maxCode = 80;
const maxCodes = 8;

/** Times outside this range can't be lock times. */
const earliest = Date.UTC(2000, 0);
const latest = Date.UTC(2100, 0);

/** A name or sentence as one line of plain text without secrets. Undefined if empty. */
export function safeLine(value: unknown, max = maxReason): string | undefined {
  if (typeof value !== 'string') return undefined;
  // Redact before cutting: a cut could remove the start of a secret's name.
  return plainLine(redacted(value.slice(0, maxRead)), max) || undefined;
}

export function codes(...values: readonly unknown[]): string[] {
  const read = values.map((value) => safeLine(typeof value === 'number' ? String(value) : value, maxCode));
  return [...new Set(read.filter((code) => code !== undefined))].slice(0, maxCodes);
}

/** Parses ISO 8601, an HTTP date, Unix seconds or Unix milliseconds. Returns Unix milliseconds. */
export function parseMoment(value: unknown): number | undefined {
  const time =
    typeof value === 'string' && !/^\d+(?:\.\d+)?$/.test(value.trim())
      ? fromDate(value)
      : fromUnixTime(value);
  return time !== undefined && time >= earliest && time <= latest ? time : undefined;
}

function fromDate(text: string): number | undefined {
  const time = text.length <= 64 ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

function fromUnixTime(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return number < 1e11 ? number * 1000 : number;
}

/** A holder by name, with a mail address if `mail` or the name is one. Undefined without a name or address. */
export function parseHolder(
  name: unknown,
  assertedBy: ReportedHolder['assertedBy'],
  mail?: unknown,
): ReportedHolder | undefined {
  const plainName = safeLine(name, maxName);
  const address = [safeLine(mail, 254), plainName].find(
    (text) => text !== undefined && /^[^\s@<>,;:]+@[^\s@<>,;:]+\.[^\s@<>,;:]+$/.test(text),
  );
  const contact = address === undefined ? undefined : asContact(`mailto:${address}`);
  const displayName = plainName ?? address;
  if (displayName === undefined) return undefined;
  return { name: displayName, contacts: contact ? [contact] : [], assertedBy };
}
