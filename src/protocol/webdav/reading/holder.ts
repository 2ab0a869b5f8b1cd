import type { Holder, LockId } from '../../../core/model/lock';
import { plainLine } from '../../../core/model/plainLine';
import type { ResourceId } from '../../../core/model/resource';
import type { Identity } from '../identity';
import { named, readOwner } from './owner';
import type { RawLock } from './raw';
import { Memo } from './memo';

/** What one owner text says: the holder of another's lock, and of a lock held by this window. */
interface ReadOwner {
  readonly theirs: Holder;
  readonly ours: Holder;
  readonly mark: string | undefined;
}

/** Reads the lock holders of one response. */
export class HolderReader {
  readonly #identity: Identity;
  readonly #known = new Memo((raw: RawLock) => this.#read(raw));

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  holderOf(raw: RawLock, id: LockId | undefined, resource: ResourceId): Holder {
    const { theirs, ours, mark } = this.#known.of(keyOf(raw), raw);
    if (id === undefined) return theirs;
    const identity = this.#identity;
    if (identity.ownsLock(id)) return ours;
    if (identity.ownsElsewhere?.(id) || (mark !== undefined && identity.awaits?.(mark, resource)))
      return { ...theirs, self: 'elsewhere', matchedBy: 'installation' };
    const mayBeOurs = theirs.self === 'unknown' && identity.mayOwn?.(id);
    return mayBeOurs ? { ...theirs, perhapsOurs: true } : theirs;
  }

  /**
   * Which of our locks a lock listed without a token is: the one with its mark, or where the owner text was dropped,
   * the one that we hold on the resource. It stays ours until a refresh of it fails.
   */
  idOfTokenless(raw: RawLock, resource: ResourceId): LockId | undefined {
    const { mark } = this.#known.of(keyOf(raw), raw);
    return mark === undefined
      ? this.#identity.heldOn?.(resource)
      : this.#identity.lockByMark?.(mark, resource);
  }

  #read(raw: RawLock): ReadOwner {
    return raw.isCommented ? this.#readCommented(raw) : this.#readOwned(raw);
  }

  /** The server reports the account, and DAV:owner is a comment: it names nobody, and is nobody's address. */
  #readCommented({ owner, account }: RawLock): ReadOwner {
    const { ours, contacts, app, host } = readOwner(owner);
    const note = plainLine([owner?.text ?? '', ...(owner?.hrefs ?? [])].join(' '), 255);
    const name = plainLine(account ?? '', 255);
    const holder: Omit<Holder, 'self'> = {
      ...(name !== '' && { name }),
      ...(!ours && note !== '' && { note }),
      contacts: ours ? contacts : [],
      ...(ours && app !== undefined && { app }),
      ...(ours && host !== undefined && { host }),
      assertedBy: name === '' ? 'nobody' : 'server',
    };
    const self = name === '' ? 'unknown' : this.#identity.isMyAccount(name) ? 'elsewhere' : 'other';
    return { theirs: { ...holder, self }, ours: { ...holder, self: 'thisWindow' }, mark: ours?.mark };
  }

  #readOwned(raw: RawLock): ReadOwner {
    const { ours: own, ...claimed } = readOwner(raw.owner);
    const serverName = plainLine(raw.ownerName ?? '', 255);
    const holder = serverName === '' ? claimed : { ...claimed, ...named(serverName) };
    const isNamed =
      holder.name !== undefined ||
      holder.app !== undefined ||
      holder.note !== undefined ||
      holder.contacts.length > 0;
    const assertedBy = serverName !== '' ? 'server' : isNamed ? 'client' : 'nobody';
    // Another program or computer of the same person can only write the account name, but so can anybody else.
    const account = serverName !== '' ? undefined : own ? own.account : claimed.name;
    const isSameAccount = account !== undefined && this.#identity.isMyAccount(account);
    const match = isSameAccount && { matchedBy: 'account' as const };
    const theirs: Holder = { ...holder, assertedBy, self: isNamed ? 'other' : 'unknown', ...match };
    const ours: Holder = { ...holder, assertedBy, self: 'thisWindow' };
    return { theirs, ours, mark: own?.mark };
  }
}

function keyOf({ owner, ownerName = '', account = '', isCommented }: RawLock): string {
  const text = owner?.text ?? '';
  if (ownerName === '' && !isCommented && !owner?.hrefs.length) return text;
  // NUL can't occur in XML, so it is a safe separator.
  return [text, ownerName, isCommented ? `=${account}` : '', ...(owner?.hrefs ?? [])].join('\0');
}
