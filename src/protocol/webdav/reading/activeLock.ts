import type { Lock, LockListing, Stamp } from '../../../core/model/lock';
import { isWithin, type ResourceId } from '../../../core/model/resource';
import { lockIdOf } from './token';
import type { LockContext } from './lockContext';
import { readNextcloudLock } from './nextcloudLock';
import type { RawLock, RawProps } from './raw';
import { later } from './timeout';

const notReported: LockListing = Object.freeze({ locks: Object.freeze([]), reported: false });
const none: LockListing = Object.freeze({ locks: Object.freeze([]), reported: true });

/** The locks that apply to `resource`. */
export function listingOf(resource: ResourceId, props: RawProps, context: LockContext): LockListing {
  if (!props.nextcloud && !props.locks?.length) return props.locks ? none : notReported;
  const listed = (props.locks ?? []).map((raw) => readLock(resource, raw, context));
  const applies = (lock: Lock) => context.folderLocksCoverMembers || appliesHere(resource, lock);
  // Filter only if needed: filtered arrays reserve spare capacity, which adds up over 10,000 arrays of one lock.
  const locks = listed.every(applies) ? listed : listed.filter(applies);
  const own = props.nextcloud && readNextcloudLock(resource, props.nextcloud, context);
  if (own) return { locks: own.merge(locks), reported: true };
  if (locks.length > 0) return { locks, reported: true };
  return props.locks ? none : notReported;
}

/** Reads one activelock (RFC 4918 section 14.1) listed on `resource`. */
function readLock(resource: ResourceId, raw: RawLock, context: LockContext): Lock {
  // An unknown depth may cover everything below: the cautious reading wins.
  const depth = raw.depth?.trim() === '0' ? 'self' : 'tree';
  const root = rootOf(resource, depth, raw.root === undefined ? undefined : context.hrefs.resolve(raw.root));
  const scope = raw.scopes.includes('shared') && !raw.scopes.includes('exclusive') ? 'shared' : 'exclusive';
  const id = idOf(resource, raw, { root, scope, context });
  const holder = context.holders.holderOf(raw, id, resource);
  const expiry = context.expiries.expiryOf(raw.timeout);
  // The common case as one object literal, for speed: a folder may have as many locks as files.
  if (id !== undefined && root !== undefined && raw.since === undefined)
    return { source: 'listing', id, scope, depth, root, holder, expiry };
  return {
    source: 'listing',
    ...(id === undefined ? {} : { id }),
    scope,
    depth,
    ...(root === undefined ? {} : { root }),
    holder,
    expiry,
    ...sinceOf(raw.since, context),
  };
}

/** The fingerprint of the lock's token; of a lock listed without one, only ours are known. */
function idOf(
  resource: ResourceId,
  raw: RawLock,
  lock: Pick<Lock, 'scope'> & { root: ResourceId | undefined; context: LockContext },
): Lock['id'] {
  if (raw.token) return lockIdOf(raw.token);
  const mayBeOurs = lock.scope === 'exclusive' && (lock.root ?? resource) === resource;
  return mayBeOurs ? lock.context.holders.idOfTokenless(raw, resource) : undefined;
}

/**
 * Some servers list a collection's depth-0 lock on its members, to which it does not apply. Locks with other
 * unexpected roots are kept: the root may be the same resource under another name.
 */
function appliesHere(resource: ResourceId, lock: Lock): boolean {
  const above = lock.root !== undefined && lock.root !== resource && isWithin(resource, lock.root);
  return lock.depth === 'tree' || !above;
}

function rootOf(resource: ResourceId, depth: 'self' | 'tree', reportedRoot: ResourceId | undefined) {
  if (depth === 'self') return reportedRoot ?? resource;
  // A depth-infinity lock can't have a lock root that does not contain this resource.
  return reportedRoot !== undefined && isWithin(resource, reportedRoot) ? reportedRoot : undefined;
}

/** When the lock was taken according to the server, converted to our clocks. */
function sinceOf(text: string | undefined, { requestedAt, skewMs }: LockContext): { since?: Stamp } {
  const time = Date.parse(text ?? '');
  if (Number.isNaN(time)) return {};
  return { since: later(requestedAt, time - skewMs - requestedAt.wall) };
}
