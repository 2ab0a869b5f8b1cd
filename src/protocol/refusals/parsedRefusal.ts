import { asObject, parsedJson } from '../../base/untrusted';
import type { RefusalInfo, RefusalResponse } from '../../core/model/refusalInfo';
import { parseTree, type XmlNode } from '../xml/xmlTree';

/** A body, parsed if it is XML or JSON. */
export interface ParsedBody {
  readonly body: string;
  readonly xml?: XmlNode;
  /** Parsed JSON of any type. */
  readonly data?: unknown;
  /** `data` if it is an object, or its first item if it is an array of objects. */
  readonly json?: Readonly<Record<string, unknown>>;
}

export type ParsedRefusal = RefusalResponse & ParsedBody;

/** Reads one shape of refusal. Returns undefined if the response does not have this shape. */
export type ShapeReader = (refused: ParsedRefusal) => RefusalReading | undefined;

/** The result of a shape, without the origin, which is determined separately. */
export type RefusalReading = Omit<RefusalInfo, 'from'>;

/** Maximum number of characters of a body that are parsed. */
const maxBodyChars = 64 * 1024;

export function parseRefusal(refused: RefusalResponse): ParsedRefusal {
  return { ...refused, ...parseBody(refused.body) };
}

export function parseBody(whole: string): ParsedBody {
  const body = whole.slice(0, maxBodyChars).trim();
  const xml = body.startsWith('<') && !/^<(?:!doctype )?html/i.test(body) ? parseTree(body) : undefined;
  const data = /^[[{]/.test(body) ? parsedJson(body) : undefined;
  const json = asObject(Array.isArray(data) ? data[0] : data);
  return { body, ...(xml && { xml }), ...(data !== undefined && { data }), ...(json && { json }) };
}
