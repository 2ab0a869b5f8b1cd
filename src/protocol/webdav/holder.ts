import type { Holder, LockId } from '../../core/lock';
import type { OwnerText } from '../../core/ownerText';
import { plainLine } from '../../core/plainLine';
import type { Identity } from './identity';
import { readOwner } from './owner';
import type { RawLock } from './raw';

/** What one owner is read as: as it stands, and as it stands on a lock that this window holds. */
interface Read {
  readonly theirs: Holder;
  readonly ours: Holder;
}

const mostKnown = 256;

/** Reads the holders of one answer. In a folder most locks have the same few, so that each is read and kept once. */
export class HolderReader {
  readonly #identity: Identity;
  readonly #known = new Map<string, Read>();

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  holderOf(raw: RawLock, id: LockId | undefined): Holder {
    const { theirs, ours } = this.#read(raw);
    if (id !== undefined && this.#identity.ownsLock(id)) return ours;
    if (id === undefined) return theirs;
    if (this.#identity.ownsElsewhere?.(id)) return { ...theirs, self: 'elsewhere', likeness: 'installation' };
    const isPerhapsOurs = theirs.self === 'unknown' && this.#identity.mayOwn?.(id);
    return isPerhapsOurs ? { ...theirs, perhapsOurs: true } : theirs;
  }

  #read(raw: RawLock): Read {
    const { owner, ownerName = '' } = raw;
    // A NUL is in no XML.
    const key = `${ownerName}\0${owner?.text ?? ''}${owner?.hrefs.map((href) => `\0${href}`).join('') ?? ''}`;
    const known = this.#known.get(key);
    if (known) return known;
    const theirs = this.#theirs(raw);
    const read = { theirs, ours: { ...theirs, self: 'thisWindow' as const } };
    if (this.#known.size < mostKnown) this.#known.set(key, read);
    return read;
  }

  #theirs(raw: RawLock): Holder {
    const { ours, ...told } = readOwner(raw.owner);
    const vouched = plainLine(raw.ownerName ?? '', 255);
    const holder = vouched === '' ? told : { ...told, name: vouched };
    const isTold = holder.name !== undefined || holder.app !== undefined || holder.contacts.length > 0;
    const assertedBy = vouched !== '' ? 'server' : isTold ? 'client' : 'nobody';
    if (ours && this.#identity.isMyself(ours))
      return { ...holder, assertedBy, self: 'elsewhere', likeness: this.#likenessOf(ours) };
    // Another program of the same person has nothing but the account to write, and anybody may write that.
    const isAlike = !ours && vouched === '' && told.name !== undefined && this.#isMyAccount(told.name);
    const likeness = isAlike && { likeness: 'account' as const };
    return { ...holder, assertedBy, self: isTold ? 'other' : 'unknown', ...likeness };
  }

  #likenessOf({ instanceId }: OwnerText): 'installation' | 'account' {
    const isMark = instanceId !== undefined && this.#identity.isMyself({ contacts: [], instanceId });
    return isMark ? 'installation' : 'account';
  }

  #isMyAccount(account: string): boolean {
    return this.#identity.isMyself({ contacts: [], account });
  }
}
