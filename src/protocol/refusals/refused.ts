import type { RefusalTold } from '../../core/refusalTold';
import type { ResourceId } from '../../core/resource';
import { parseTree, type XmlNode } from './xmlTree';

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

/** The same, read as far as its form allows. */
export interface Opened extends Refused {
  readonly xml?: XmlNode;
  /** Parsed JSON where it is an object. */
  readonly json?: Readonly<Record<string, unknown>>;
}

/** What one form of refusal says; undefined where the answer is not of that form. */
export type Shape = (refused: Opened) => Told | undefined;

/** What a shape reads; where it comes from is found out for all of them alike. */
export type Told = Omit<RefusalTold, 'from'>;

/** Most of a body that is read. */
export const mostRead = 64 * 1024;

export function opened(refused: Refused): Opened {
  const body = refused.body.slice(0, mostRead).trim();
  const xml = body.startsWith('<') && !/^<(?:!doctype )?html/i.test(body) ? parseTree(body) : undefined;
  const json = body.startsWith('{') ? parsed(body) : undefined;
  return { ...refused, body, ...(xml && { xml }), ...(json && { json }) };
}

function parsed(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
