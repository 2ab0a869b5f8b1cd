import { asContact } from '../../core/model/contact';
import type { ReportedHolder } from '../../core/model/refusalInfo';
import { plainLine } from '../../core/model/plainLine';
import { redacted } from '../../core/model/redaction';

const mostRead = 8 * 1024;
const mostName = 120;
const mostReason = 300;
const mostCode = 80;
const mostCodes = 8;

/** Times outside of these are no times of a lock. */
const earliest = Date.UTC(2000, 0);
const latest = Date.UTC(2100, 0);

/** A name or a sentence as one plain line; undefined where nothing is left of it. */
export function line(value: unknown, most = mostReason): string | undefined {
  if (typeof value !== 'string') return undefined;
  // Redacted much further than it is shown: a cut must not hide the beginning of a secret's name.
  return plainLine(redacted(value.slice(0, mostRead)), most) || undefined;
}

export function codes(...values: readonly unknown[]): string[] {
  const read = values.map((value) => line(typeof value === 'number' ? String(value) : value, mostCode));
  return [...new Set(read.filter((code) => code !== undefined))].slice(0, mostCodes);
}

/** A moment as servers write it: ISO 8601, an HTTP date, Unix seconds or milliseconds. Unix milliseconds. */
export function moment(value: unknown): number | undefined {
  const time =
    typeof value === 'string' && !/^\d+(?:\.\d+)?$/.test(value.trim()) ? dated(value) : counted(value);
  return time !== undefined && time >= earliest && time <= latest ? time : undefined;
}

function dated(text: string): number | undefined {
  const time = text.length <= 64 ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

function counted(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return number < 1e11 ? number * 1000 : number;
}

/** Somebody by a name, and an address where the name is one or one is told. Undefined where nobody is named. */
export function holder(
  name: unknown,
  assertedBy: ReportedHolder['assertedBy'],
  mail?: unknown,
): ReportedHolder | undefined {
  const told = line(name, mostName);
  const address = [line(mail, 254), told].find(
    (text) => text !== undefined && /^[^\s@<>,;:]+@[^\s@<>,;:]+\.[^\s@<>,;:]+$/.test(text),
  );
  const contact = address === undefined ? undefined : asContact(`mailto:${address}`);
  const shown = told ?? address;
  if (shown === undefined) return undefined;
  return { name: shown, contacts: contact ? [contact] : [], assertedBy };
}
