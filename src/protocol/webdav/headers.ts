import type { Lease } from '../../core/model/lease';
import { urlOf } from '../../core/model/resource';
import { isSendable } from './reading/token';

export const xmlType = 'application/xml; charset=utf-8';

/** `Second-600` (RFC 4918 section 10.7). Never a list, which sends one server into an endless loop. */
export function timeoutHeader(seconds: number): string {
  return `Second-${Math.min(Math.max(Math.round(seconds), 1), 4_294_967_295)}`;
}

/** Parses a Lock-Token header (section 10.5), with or without angle brackets. */
export function parseLockToken(header: string | undefined): string | undefined {
  const token = /^<?\s*([^<>\s]+)\s*>?$/.exec((header ?? '').trim())?.[1];
  return token !== undefined && isSendable(token) ? token : undefined;
}

/** The items of the DAV header (section 10.1) in lower case. Repeated headers are already joined. */
export function davClasses(header: string | undefined): ReadonlySet<string> {
  const items = (header ?? '').split(',').map((item) => item.trim().toLowerCase());
  return new Set(items.filter((item) => item !== ''));
}

export type IfForm = 'tagged' | 'untagged';

/**
 * The If header (section 10.4) that submits our lock tokens, one list per lock. Tagged lists name each lock root,
 * which also works for a resource inside a locked collection and for a new one (it has no lock itself, so a list
 * tagged with it would be false). Untagged lists apply to the request's own resource.
 */
export function ifHeader(leases: readonly Lease[], form: IfForm): string | undefined {
  const lists = leases.map((lease) => {
    const list = `(<${lease.token.reveal()}>)`;
    return form === 'tagged' ? `<${tagOf(lease)}> ${list}` : list;
  });
  return lists.length === 0 ? undefined : [...new Set(lists)].join(' ');
}

/** Encodes parentheses: they are legal in a path, but some servers take them for the end of a list. */
function tagOf(lease: Lease): string {
  const url = urlOf(lease.resource, lease.depth === 'tree' ? 'collection' : 'file');
  return url.replace(/\(/g, '%28').replace(/\)/g, '%29');
}
