import { variablesIn, type LockMapping, type LocksMapping } from '../../core/model/endpoint';
import { asContact } from '../../core/model/contact';
import type { Expiry, Lock } from '../../core/model/lock';
import type { ResourceId } from '../../core/model/resource';
import { HolderReader } from '../webdav/reading/holder';
import type { Identity } from '../webdav/identity';
import { readOwner } from '../webdav/reading/owner';
import { rawLock, type RawLock } from '../webdav/reading/raw';
import { lockIdOf } from '../webdav/reading/token';
import { stampOf, textOf, timeOf, truthOf, type Source } from './values';

/** What an answer says about a lock. The id is a secret, like any lock token. */
export interface FoundLock {
  readonly id?: string;
  readonly lock: Lock;
}

/** What reading a lock needs to know: which locks are ours, and who chooses the names in them. */
export interface LockReading {
  readonly identity: Identity;
  readonly locks: LocksMapping;
}

/** Reads the lock that an answer describes; undefined if it describes none. */
export function readLock(
  resource: ResourceId,
  mapping: LockMapping,
  source: Source,
  about: LockReading,
): FoundLock | undefined {
  const id = textOf(mapping.id, source);
  const name = textOf(mapping.holder, source);
  const since = timeOf(mapping.since, source);
  const until = timeOf(mapping.until, source);
  const mine = truthOf(mapping.mine, source);
  const contactText = textOf(mapping.contact, source);
  if ([id, name, contactText, since, until, mine].every((value) => value === undefined)) return undefined;
  const contact = contactOf(contactText);
  const raw: RawLock = {
    ...rawLock(),
    owner: { text: namesByClient(about.locks) ? (name ?? '') : '', hrefs: contact ? [contact] : [] },
    ownerName: namesByClient(about.locks) ? undefined : name,
  };
  const reader = new HolderReader(about.identity);
  const isNamed = name !== undefined || contactText !== undefined;
  const tokenless = mayBeOurs(mine, isNamed, raw) ? reader.idOfTokenless(raw, resource) : undefined;
  const own = id !== undefined ? lockIdOf(id) : tokenless;
  const read = reader.holderOf(raw, own, resource);
  const holder =
    mine === true && read.self !== 'thisWindow' ? ({ ...read, self: 'elsewhere' } as const) : read;
  const lock: Lock = {
    source: 'listing',
    ...(own !== undefined && { id: own }),
    scope: 'exclusive',
    depth: 'self',
    root: resource,
    holder,
    expiry: expiryOf(until, source),
    ...(since !== undefined && { since: stampOf(since, source) }),
  };
  return { ...(id !== undefined && { id }), lock };
}

/**
 * Whether a lock without an id can be the one that we hold: the server says so, our mark is in it, or it names nobody.
 * Any other name may be that of somebody who took the lock after us.
 */
function mayBeOurs(mine: boolean | undefined, isNamed: boolean, { owner }: RawLock): boolean {
  return mine ?? (!isNamed || readOwner(owner).ours !== undefined);
}

export function expiryOf(until: number | undefined, source: Source): Expiry {
  return until === undefined ? { kind: 'unknown' } : { kind: 'at', at: stampOf(until, source) };
}

/** Whether whoever takes a lock chooses the name that it shows: then the server does not vouch for it. */
function namesByClient({ lock }: LocksMapping): boolean {
  return (
    lock !== undefined && variablesIn(JSON.stringify([lock.body, lock.headers, lock.url])).includes('owner')
  );
}

function contactOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const uri = /^[^\s@<>,;:]+@[^\s@<>,;:]+$/.test(text) ? `mailto:${text}` : text;
  return asContact(uri) ? uri : undefined;
}
