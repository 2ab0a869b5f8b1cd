import jsonpointer from 'jsonpointer';
import type { TimeAt, ValueAt } from '../../core/model/endpoint';
import type { Stamp } from '../../core/model/lock';
import { expandText, type Variables } from './templates';

/** What values are read from: the JSON of an answer or of one member in it, and the answer's headers. */
export interface Source {
  readonly json: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly variables: Variables;
  /** When the request was sent. */
  readonly sentAt: Stamp;
  /** The server's clock minus ours, in milliseconds. */
  readonly skewMs: number;
}

/** The value at a JSON Pointer (RFC 6901). */
export function valueAtPointer(json: unknown, pointer: string): unknown {
  if (pointer === '') return json;
  return typeof json === 'object' && json !== null ? (jsonpointer.get(json, pointer) as unknown) : undefined;
}

/** A text or a number as text; undefined if there is none. */
export function textOf(at: ValueAt | undefined, { json, headers }: Source): string | undefined {
  if (!at) return undefined;
  const value = at.kind === 'header' ? headers[at.name] : valueAtPointer(json, at.pointer);
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** A truth value, or whether a value is the text that it is compared with. Undefined if nothing is there. */
export function truthOf(at: ValueAt | undefined, source: Source): boolean | undefined {
  if (!at) return undefined;
  if (at.kind === 'header') return source.headers[at.name]?.toLowerCase() === 'true';
  const value = valueAtPointer(source.json, at.pointer);
  if (value === undefined || value === null || value === '') return undefined;
  if (at.equals === undefined) return value === true || value === 'true';
  const wanted = expandText(at.equals, source.variables);
  // An unknown user is nobody, not the one without a name.
  return wanted !== '' &&
    (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    ? String(value) === wanted
    : false;
}

/** A whole number that is not negative. */
export function sizeOf(at: ValueAt | undefined, source: Source): number | undefined {
  const text = textOf(at, source);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Dates outside this range are mistakes, such as seconds taken for milliseconds. */
const earliest = Date.UTC(1990, 0);
const latest = Date.UTC(2200, 0);

/** A time on the server's clock, in Unix milliseconds. */
export function timeOf(at: TimeAt | undefined, source: Source): number | undefined {
  const text = at && textOf(at.value, source);
  if (text === undefined || text.length > 64) return undefined;
  const time = at?.unit === 'iso' ? Date.parse(text) : unixTimeOf(Number(text), at?.unit, source);
  return time >= earliest && time <= latest ? time : undefined;
}

function unixTimeOf(number: number, unit: TimeAt['unit'] | undefined, { sentAt, skewMs }: Source): number {
  if (unit === 'unix') return number * 1000;
  return unit === 'fromNow' ? sentAt.wall + skewMs + number * 1000 : number;
}

/** The same time on our clocks. */
export function stampOf(time: number, { sentAt, skewMs }: Source): Stamp {
  const wall = time - skewMs;
  return { wall, mono: sentAt.mono + (wall - sentAt.wall) };
}
