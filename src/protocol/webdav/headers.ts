import type { Lease } from '../../core/model/lease';
import { type ResourceId, urlOf } from '../../core/model/resource';
import { isSendable } from './token';

export const xmlType = 'application/xml; charset=utf-8';

/** `Second-600` (RFC 4918 section 10.7). One value: a list makes one server in the wild spin for ever. */
export function timeoutHeader(seconds: number): string {
  return `Second-${Math.min(Math.max(Math.round(seconds), 1), 4_294_967_295)}`;
}

/** The token of a Lock-Token header (section 10.5), with or without its brackets. */
export function parseLockToken(header: string | undefined): string | undefined {
  const token = /^<?\s*([^<>\s]+)\s*>?$/.exec((header ?? '').trim())?.[1];
  return token !== undefined && isSendable(token) ? token : undefined;
}

/** The items of the DAV header (section 10.1), in lower case; repeated headers arrive joined. */
export function davClasses(header: string | undefined): ReadonlySet<string> {
  const items = (header ?? '').split(',').map((item) => item.trim().toLowerCase());
  return new Set(items.filter((item) => item !== ''));
}

export type IfForm = 'tagged' | 'untagged';

/**
 * The If header (section 10.4) that submits our locks, one list for each; undefined without any. Tagged lists name
 * where each lock sits, which also holds for a resource below a locked collection and for one that is yet to be made
 * (it has no lock of its own, so that a list tagged with it would be false). Untagged ones speak of the request's own
 * resource.
 */
export function ifHeader(leases: readonly Lease[], form: IfForm): string | undefined {
  const lists = leases.map((lease) => {
    const list = `(<${lease.token.reveal()}>)`;
    return form === 'tagged' ? `<${tagOf(lease)}> ${list}` : list;
  });
  return lists.length === 0 ? undefined : [...new Set(lists)].join(' ');
}

/** The form that most servers read as meant. */
export function usualForm(method: string, resource: ResourceId, leases: readonly Lease[]): IfForm {
  // A lock on just what is written needs no tag, and then no proxy's other host name can make it false.
  const plain = method === 'PUT' && leases.length === 1 && leases[0]?.resource === resource;
  return plain ? 'untagged' : 'tagged';
}

/** Parentheses are legal in a path and end a list for some servers. */
function tagOf(lease: Lease): string {
  const url = urlOf(lease.resource, lease.depth === 'tree' ? 'collection' : 'file');
  return url.replace(/\(/g, '%28').replace(/\)/g, '%29');
}
