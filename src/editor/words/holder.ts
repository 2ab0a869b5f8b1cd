import { l10n } from 'vscode';
import type { Holder, Lock, Stamp } from '../../core/model/lock';
import { plain } from './plainText';
import { untilText } from './time';

// Long enough for people, short enough for a status bar.
const nameLength = 40;

/** The holder in the fewest words: `Ann Lee`, `You`, `You on LAPTOP-7`, `someone`. */
export function holderName(holder: Holder): string {
  if (holder.self === 'thisWindow') return l10n.t('You');
  if (holder.self === 'elsewhere') {
    const where = plain(holder.host ?? holder.app ?? '', nameLength);
    return where === '' ? l10n.t('You elsewhere') : l10n.t('You on {0}', where);
  }
  return knownName(holder) ?? (holder.perhapsOurs ? l10n.t('someone, perhaps you') : l10n.t('someone'));
}

/** The holder's sanitized name; undefined if there is none. */
export function knownName(holder: Holder): string | undefined {
  return plain(holder.name ?? '', nameLength) || undefined;
}

/**
 * `Locked by Ann Lee until 14:32`, `Locked by Ann Lee (unverified)`, `Locked (holder unknown)`: the one way to say who
 * holds a lock, without a period.
 */
export function lockedBy(lock: Lock, now: Stamp): string {
  const who = holderInLock(lock.holder);
  const until = untilText(lock.expiry, now);
  const locked = who === undefined ? l10n.t('Locked (holder unknown)') : l10n.t('Locked by {0}', who);
  if (until === undefined) return locked;
  return lock.expiry.kind === 'never'
    ? l10n.t('{0}, {1}', locked, until)
    : l10n.t('{0} until {1}', locked, until);
}

/** Undefined if nobody is named; a name that only the lock's own text gives is marked. */
function holderInLock(holder: Holder): string | undefined {
  if (holder.self === 'thisWindow' || holder.self === 'elsewhere') return holderInSentence(holder);
  const name = knownName(holder);
  if (name === undefined) return holder.perhapsOurs ? holderInSentence(holder) : undefined;
  return holder.assertedBy === 'server' ? name : l10n.t('{0} (unverified)', name);
}

/** The holder in the middle of a sentence: `you on LAPTOP-7` instead of `You on LAPTOP-7`. */
export function holderInSentence(holder: Holder): string {
  if (holder.self === 'thisWindow') return l10n.t('you');
  if (holder.self === 'elsewhere') {
    const where = plain(holder.host ?? holder.app ?? '', nameLength);
    return where === '' ? l10n.t('you elsewhere') : l10n.t('you on {0}', where);
  }
  return holderName(holder);
}
