import type { RefusalInfo } from '../../core/model/refusalInfo';
import type { ResourceId } from '../../core/model/resource';
import { asObject, parsedJson } from './keys';
import { parseTree, type XmlNode } from '../xml/xmlTree';

/** A refusing answer as it came: everything in it is foreign. */
export interface Refused {
  readonly method: string;
  readonly resource: ResourceId;
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 64 kB of it. */
  readonly body: string;
  /** The `Server` header that answers from here usually have. */
  readonly product?: string;
}

/** A body, read as far as its form allows. */
export interface OpenBody {
  readonly body: string;
  readonly xml?: XmlNode;
  /** Parsed JSON, whatever it is. */
  readonly data?: unknown;
  /** The same where it is an object, or the first of a list of them. */
  readonly json?: Readonly<Record<string, unknown>>;
}

export type Opened = Refused & OpenBody;

/** What one form of refusal says; undefined where the answer is not of that form. */
export type Shape = (refused: Opened) => RefusalReading | undefined;

/** What a shape reads; where it comes from is found out for all of them alike. */
export type RefusalReading = Omit<RefusalInfo, 'from'>;

/** Most of a body that is read. */
export const mostRead = 64 * 1024;

export function opened(refused: Refused): Opened {
  return { ...refused, ...openBody(refused.body) };
}

export function openBody(whole: string): OpenBody {
  const body = whole.slice(0, mostRead).trim();
  const xml = body.startsWith('<') && !/^<(?:!doctype )?html/i.test(body) ? parseTree(body) : undefined;
  const data = /^[[{]/.test(body) ? parsedJson(body) : undefined;
  const json = asObject(Array.isArray(data) ? data[0] : data);
  return { body, ...(xml && { xml }), ...(data !== undefined && { data }), ...(json && { json }) };
}
