import type { Contact, Expiry, Holder, Lock, Stamp } from '../../../core/model/lock';
import { plainLine } from '../../../core/model/plainLine';
import type { ResourceId } from '../../../core/model/resource';
import type { LockContext } from './lockContext';
import type { RawProps } from './raw';

type AnswerContext = Pick<LockContext, 'identity' | 'requestedAt' | 'skewMs'>;

/** A lock of Nextcloud's files_lock app, to be merged with the DAV locks on the same resource. */
export interface NextcloudLock {
  merge(locks: readonly Lock[]): readonly Lock[];
}

const noContacts: readonly Contact[] = [];

/**
 * Reads the properties of Nextcloud's files_lock: `lock` (0 or 1), `lock-owner` (account), `lock-owner-type` (0
 * person, 1 office app, 2 DAV token), `lock-time` (Unix seconds), `lock-timeout` (seconds, 0 for none). The server
 * itself names the account, so this holder is verified. Returns undefined if the lock state is not reported.
 */
export function readNextcloudLock(
  resource: ResourceId,
  props: NonNullable<RawProps['nextcloud']>,
  context: AnswerContext,
): NextcloudLock | undefined {
  if (props.lock === undefined || props.lock === '') return undefined;
  if (props.lock !== '1' && props.lock !== 'true') return { merge: (locks) => locks };
  const since = numberOf(props['lock-time']);
  const timeout = numberOf(props['lock-timeout']);
  const times = {
    ...(since === undefined ? {} : { since: serverTime(since, context) }),
    expiry: expiryOf(since, timeout, context),
  };
  const holder = holderOf(props, context.identity);
  const byHand = props['lock-owner-type'] === '0' && { byHand: true as const };
  const found = { source: 'listing', scope: 'exclusive', depth: 'self', root: resource } as const;
  const lock: Lock = { ...found, holder, ...times, ...byHand };
  return { merge: (locks) => merged(lock, locks, props['lock-owner-type'] === '2') };
}

/** A token lock is also listed as a DAV lock: the merged lock takes its holder from the server's properties. */
function merged(lock: Lock, locks: readonly Lock[], isTokenLock: boolean): readonly Lock[] {
  const [first, ...rest] = locks;
  if (!first) return [lock];
  if (!isTokenLock && rest.length > 0) return [lock, ...locks];
  const { contacts, app, host, self, matchedBy } = first.holder;
  const holder: Holder = {
    ...lock.holder,
    contacts,
    ...((lock.holder.app ?? app) === undefined ? {} : { app: lock.holder.app ?? app ?? '' }),
    ...(host === undefined ? {} : { host }),
    self: self === 'thisWindow' || self === 'elsewhere' ? self : lock.holder.self,
    ...(self === 'elsewhere' && matchedBy && { matchedBy }),
  };
  const { since, byHand } = lock;
  return [{ ...first, holder, ...(since && { since }), ...(byHand && { byHand }) }, ...rest];
}

function holderOf(props: NonNullable<RawProps['nextcloud']>, identity: LockContext['identity']): Holder {
  const account = plainLine(props['lock-owner'] ?? '', 255);
  const name = plainLine(props['lock-owner-displayname'] ?? '', 255) || account;
  const isApp = props['lock-owner-type'] === '1';
  const editor = (isApp ? name : '') || plainLine(props['lock-owner-editor'] ?? '', 255);
  const isMine = account !== '' && !isApp && identity.isMyAccount(account);
  return {
    ...(name === '' || isApp ? {} : { name }),
    ...(editor === '' ? {} : { app: editor }),
    contacts: noContacts,
    assertedBy: 'server',
    self: isMine ? 'elsewhere' : account === '' ? 'unknown' : 'other',
  };
}

function expiryOf(since: number | undefined, timeout: number | undefined, context: AnswerContext): Expiry {
  if (timeout === undefined) return { kind: 'unknown' };
  // files_lock writes 0 or a negative number for a lock that never expires.
  if (timeout <= 0) return { kind: 'never' };
  return since === undefined ? { kind: 'unknown' } : { kind: 'at', at: serverTime(since + timeout, context) };
}

/** Converts Unix seconds of the server's clock to both of our clocks. */
function serverTime(seconds: number, { requestedAt, skewMs }: AnswerContext): Stamp {
  const wall = seconds * 1000 - skewMs;
  return { mono: requestedAt.mono + (wall - requestedAt.wall), wall };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,12}$/.test(text) ? Number(text) : undefined;
}
