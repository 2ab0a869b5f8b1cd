import type { Contact, Expiry, Holder, Lock, Stamp } from '../../core/model/lock';
import { plainLine } from '../../core/model/plainLine';
import type { ResourceId } from '../../core/model/resource';
import type { LockContext } from './lockContext';
import type { RawProps } from './raw';

type AnswerContext = Pick<LockContext, 'identity' | 'asked' | 'skewMs'>;

/** A lock of Nextcloud's files_lock app, and how it fits to the DAV locks beside it. */
export interface NextcloudLock {
  merge(locks: readonly Lock[]): readonly Lock[];
}

const noContacts: readonly Contact[] = [];

/**
 * Reads the properties of Nextcloud's files_lock: `lock` (0 or 1), `lock-owner` (account), `lock-owner-type` (0 person,
 * 1 office app, 2 DAV token), `lock-time` (Unix seconds), `lock-timeout` (seconds, 0 for no end). The server names the
 * account itself, so this holder is not hearsay. Returns undefined where the properties say nothing.
 */
export function readNextcloudLock(
  resource: ResourceId,
  props: NonNullable<RawProps['nextcloud']>,
  told: AnswerContext,
): NextcloudLock | undefined {
  if (props.lock === undefined || props.lock === '') return undefined;
  if (props.lock !== '1' && props.lock !== 'true') return { merge: (locks) => locks };
  const since = numberOf(props['lock-time']);
  const lasts = numberOf(props['lock-timeout']);
  const times = {
    ...(since === undefined ? {} : { since: serverTime(since, told) }),
    expiry: expiryOf(since, lasts, told),
  };
  const holder = holderOf(props, told.identity);
  const byHand = props['lock-owner-type'] === '0' && { byHand: true as const };
  const lock: Lock = { scope: 'exclusive', depth: 'self', root: resource, holder, ...times, ...byHand };
  return { merge: (locks) => merged(lock, locks, props['lock-owner-type'] === '2') };
}

/** A token lock is listed as a DAV lock too: then the server's word names its holder. */
function merged(lock: Lock, locks: readonly Lock[], isTokenLock: boolean): readonly Lock[] {
  const [first, ...rest] = locks;
  if (!first) return [lock];
  if (!isTokenLock && rest.length > 0) return [lock, ...locks];
  const { contacts, app, host, self, likeness } = first.holder;
  const holder: Holder = {
    ...lock.holder,
    contacts,
    ...((lock.holder.app ?? app) === undefined ? {} : { app: lock.holder.app ?? app ?? '' }),
    ...(host === undefined ? {} : { host }),
    self: self === 'thisWindow' || self === 'elsewhere' ? self : lock.holder.self,
    ...(self === 'elsewhere' && likeness && { likeness }),
  };
  const { since, byHand } = lock;
  return [{ ...first, holder, ...(since && { since }), ...(byHand && { byHand }) }, ...rest];
}

function holderOf(props: NonNullable<RawProps['nextcloud']>, identity: LockContext['identity']): Holder {
  const account = plainLine(props['lock-owner'] ?? '', 255);
  const name = plainLine(props['lock-owner-displayname'] ?? '', 255) || account;
  const isApp = props['lock-owner-type'] === '1';
  const editor = plainLine(props['lock-owner-editor'] ?? '', 255) || (isApp ? name : '');
  const isMine = account !== '' && !isApp && identity.isMyself({ account, contacts: [] });
  return {
    ...(name === '' || isApp ? {} : { name }),
    ...(editor === '' ? {} : { app: editor }),
    contacts: noContacts,
    assertedBy: 'server',
    self: isMine ? 'elsewhere' : account === '' ? 'unknown' : 'other',
  };
}

function expiryOf(since: number | undefined, lasts: number | undefined, told: AnswerContext): Expiry {
  if (lasts === undefined) return { kind: 'unknown' };
  // files_lock writes 0 or a negative number for a lock without an end.
  if (lasts <= 0) return { kind: 'never' };
  return since === undefined ? { kind: 'unknown' } : { kind: 'at', at: serverTime(since + lasts, told) };
}

/** Unix seconds on the server's clock, on our two. */
function serverTime(seconds: number, { asked, skewMs }: AnswerContext): Stamp {
  const wall = seconds * 1000 - skewMs;
  return { mono: asked.mono + (wall - asked.wall), wall };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,12}$/.test(text) ? Number(text) : undefined;
}
