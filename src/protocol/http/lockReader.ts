import { variablesIn, type LockMapping, type LocksMapping } from '../../core/model/endpoint';
import { asContact } from '../../core/model/contact';
import type { Expiry, Lock } from '../../core/model/lock';
import type { ResourceId } from '../../core/model/resource';
import { HolderReader } from '../webdav/holder';
import type { Identity } from '../webdav/identity';
import { rawLock, type RawLock } from '../webdav/raw';
import { lockIdOf } from '../webdav/token';
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
  if (id === undefined && name === undefined && since === undefined && until === undefined && mine !== true)
    return undefined;
  const contact = contactOf(textOf(mapping.contact, source));
  const raw: RawLock = {
    ...rawLock(),
    owner: { text: namesByClient(about.locks) ? (name ?? '') : '', hrefs: contact ? [contact] : [] },
    ownerName: namesByClient(about.locks) ? undefined : name,
  };
  const reader = new HolderReader(about.identity);
  // Without an id, only a lock that may be ours is taken for the one that we hold.
  const own =
    id !== undefined ? lockIdOf(id) : mine === false ? undefined : reader.idOfTokenless(raw, resource);
  const read = reader.holderOf(raw, own, resource);
  const holder =
    mine === true && read.self !== 'thisWindow' ? ({ ...read, self: 'elsewhere' } as const) : read;
  const lock: Lock = {
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
