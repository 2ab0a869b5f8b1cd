import type { Holder, LockId } from '../../core/model/lock';
import type { OwnerText } from '../../core/model/ownerText';
import { plainLine } from '../../core/model/plainLine';
import type { Identity } from './identity';
import { readOwner } from './owner';
import type { RawLock } from './raw';
import { Memo } from './memo';

/** What one owner is read as: as it stands, and as it stands on a lock that this window holds. */
interface Read {
  readonly theirs: Holder;
  readonly ours: Holder;
}

/** Reads the holders of one answer. */
export class HolderReader {
  readonly #identity: Identity;
  readonly #known = new Memo((raw: RawLock) => this.#read(raw));

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  holderOf(raw: RawLock, id: LockId | undefined): Holder {
    const { theirs, ours } = this.#known.of(keyOf(raw), raw);
    if (id !== undefined && this.#identity.ownsLock(id)) return ours;
    if (id === undefined) return theirs;
    if (this.#identity.ownsElsewhere?.(id)) return { ...theirs, self: 'elsewhere', likeness: 'installation' };
    const isPerhapsOurs = theirs.self === 'unknown' && this.#identity.mayOwn?.(id);
    return isPerhapsOurs ? { ...theirs, perhapsOurs: true } : theirs;
  }

  #read(raw: RawLock): Read {
    const theirs = this.#theirs(raw);
    return { theirs, ours: { ...theirs, self: 'thisWindow' } };
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

function keyOf({ owner, ownerName = '' }: RawLock): string {
  const text = owner?.text ?? '';
  if (ownerName === '' && !owner?.hrefs.length) return text;
  // A NUL is in no XML.
  return [text, ownerName, ...(owner?.hrefs ?? [])].join('\0');
}
