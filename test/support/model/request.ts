// What the model reads of a request, and what it says.
import { resourceId, type ResourceId } from '../../../src/core/model/resource';
import type { HttpRequest } from '../../../src/protocol/transport/http';

export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** `died`: the process ended before it said anything. */
export type Outcome = Said | 'died';

export interface Asked {
  readonly method: string;
  readonly resource: ResourceId;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly by: Asker;
}

/** The account, and the window that uses it. */
export interface Asker {
  readonly who: string;
  readonly window: string;
}

export function say(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = '',
): Said {
  return { status, headers, body };
}

export function askedOf({ method, url, headers = {}, body }: HttpRequest, by: Asker): Asked {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array());
  return { method, resource: resourceId(url), headers, body: bytes, by };
}

/** One list of an If header (RFC 4918 section 10.4): which resource it is about, and the tokens that it names. */
export interface IfList {
  readonly tagged: boolean;
  readonly resource: ResourceId;
  readonly tokens: readonly string[];
}

export function ifLists({ headers, resource }: Asked): readonly IfList[] {
  return [...(headers['if'] ?? '').matchAll(/(?:<([^>]*)>\s*)?\(([^)]*)\)/g)].map(([, tag, list = '']) => ({
    tagged: tag !== undefined,
    resource: tag === undefined ? resource : resourceId(tag),
    tokens: [...list.matchAll(/<([^>]*)>/g)].map(([, token = '']) => token),
  }));
}
