import type { Lock, LockListing, Stamp } from '../../core/model/lock';
import { isWithin, type ResourceId } from '../../core/model/resource';
import { lockIdOf } from './token';
import type { LockContext } from './lockContext';
import { readNextcloudLock } from './nextcloudLock';
import type { RawLock, RawProps } from './raw';
import { later } from './timeout';

const notReported: LockListing = Object.freeze({ locks: Object.freeze([]), reported: false });
const none: LockListing = Object.freeze({ locks: Object.freeze([]), reported: true });

/** The locks that hold on `resource`. */
export function listingOf(resource: ResourceId, props: RawProps, context: LockContext): LockListing {
  if (!props.nextcloud && !props.locks?.length) return props.locks ? none : notReported;
  const listed = (props.locks ?? []).map((raw) => readLock(resource, raw, context));
  const holds = (lock: Lock) => context.folderLocksHold || holdsHere(resource, lock);
  // A filtered array has room to grow, which 10,000 arrays of one lock need not have.
  const locks = listed.every(holds) ? listed : listed.filter(holds);
  const own = props.nextcloud && readNextcloudLock(resource, props.nextcloud, context);
  if (own) return { locks: own.merge(locks), reported: true };
  if (locks.length > 0) return { locks, reported: true };
  return props.locks ? none : notReported;
}

/** One activelock (RFC 4918 section 14.1) as seen on `resource`. */
export function readLock(resource: ResourceId, raw: RawLock, context: LockContext): Lock {
  const id = raw.token ? lockIdOf(raw.token) : undefined;
  const depth = /^\s*infinit[ey]\s*$/i.test(raw.depth ?? '') ? 'tree' : 'self';
  const root = rootOf(resource, depth, raw.root === undefined ? undefined : context.hrefs.resolve(raw.root));
  const scope = raw.scopes.includes('shared') && !raw.scopes.includes('exclusive') ? 'shared' : 'exclusive';
  const holder = context.holders.holderOf(raw, id);
  const expiry = context.expiries.expiryOf(raw.timeout);
  // What most servers tell, in one literal: a folder may have as many locks as files.
  if (id !== undefined && root !== undefined && raw.since === undefined)
    return { id, scope, depth, root, holder, expiry };
  return {
    ...(id === undefined ? {} : { id }),
    scope,
    depth,
    ...(root === undefined ? {} : { root }),
    holder,
    expiry,
    ...sinceOf(raw.since, context),
  };
}

/**
 * Some servers show the depth-0 lock of a collection on its members, which it does not protect. Any other odd root is
 * kept: it may be the same resource under another name.
 */
function holdsHere(resource: ResourceId, lock: Lock): boolean {
  const above = lock.root !== undefined && lock.root !== resource && isWithin(resource, lock.root);
  return lock.depth === 'tree' || !above;
}

function rootOf(resource: ResourceId, depth: 'self' | 'tree', told: ResourceId | undefined) {
  if (depth === 'self') return told ?? resource;
  // A tree that does not hold this resource cannot be where its lock sits.
  return told !== undefined && isWithin(resource, told) ? told : undefined;
}

/** The server's word for when the lock was taken, on our clocks. */
function sinceOf(text: string | undefined, { asked, skewMs }: LockContext): { since?: Stamp } {
  const time = Date.parse(text ?? '');
  if (Number.isNaN(time)) return {};
  return { since: later(asked, time - skewMs - asked.wall) };
}
