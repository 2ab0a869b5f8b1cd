import type { Holder, LockId } from '../../core/model/lock';
import { plainLine } from '../../core/model/plainLine';
import type { Identity } from './identity';
import { named, readOwner } from './owner';
import type { RawLock } from './raw';
import { Memo } from './memo';

/** The holder for one owner text: for another's lock, and for a lock held by this window. */
interface HolderVariants {
  readonly theirs: Holder;
  readonly ours: Holder;
}

/** Reads the lock holders of one response. */
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
    if (this.#identity.ownsElsewhere?.(id))
      return { ...theirs, self: 'elsewhere', matchedBy: 'installation' };
    const mayBeOurs = theirs.self === 'unknown' && this.#identity.mayOwn?.(id);
    return mayBeOurs ? { ...theirs, perhapsOurs: true } : theirs;
  }

  #read(raw: RawLock): HolderVariants {
    const theirs = this.#theirs(raw);
    return { theirs, ours: { ...theirs, self: 'thisWindow' } };
  }

  #theirs(raw: RawLock): Holder {
    const { ours, ...claimed } = readOwner(raw.owner);
    const serverName = plainLine(raw.ownerName ?? '', 255);
    const holder = serverName === '' ? claimed : { ...claimed, ...named(serverName) };
    const isNamed =
      holder.name !== undefined ||
      holder.app !== undefined ||
      holder.note !== undefined ||
      holder.contacts.length > 0;
    const assertedBy = serverName !== '' ? 'server' : isNamed ? 'client' : 'nobody';
    // Everybody can read our owner text in a listing and copy it, with its instance ID and account.
    const isSameAccount =
      serverName === '' &&
      (ours ? this.#identity.isMyself(ours) : claimed.name !== undefined && this.#isMyAccount(claimed.name));
    const match = isSameAccount && { matchedBy: 'account' as const };
    return { ...holder, assertedBy, self: isNamed ? 'other' : 'unknown', ...match };
  }

  #isMyAccount(account: string): boolean {
    return this.#identity.isMyself({ contacts: [], account });
  }
}

function keyOf({ owner, ownerName = '' }: RawLock): string {
  const text = owner?.text ?? '';
  if (ownerName === '' && !owner?.hrefs.length) return text;
  // NUL can't occur in XML, so it is a safe separator.
  return [text, ownerName, ...(owner?.hrefs ?? [])].join('\0');
}
