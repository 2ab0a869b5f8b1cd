import { l10n } from 'vscode';
import type { Holder, Lock, Stamp } from '../../core/model/lock';
import { plain } from './plainText';
import { untilText } from './time';

// Long enough for people, short enough for a status bar.
const nameLength = 40;

/** The holder in the fewest words: `Ann Lee (unverified)`, `You`, `You on LAPTOP-7`, `Someone`. */
export function holderName(holder: Holder): string {
  if (holder.self === 'thisWindow') return l10n.t('You');
  if (holder.self === 'elsewhere') {
    const where = placeOf(holder);
    return where === '' ? l10n.t('You elsewhere') : l10n.t('You on {0}', where);
  }
  return markedName(holder) ?? (holder.perhapsOurs ? l10n.t('Someone, perhaps you') : l10n.t('Someone'));
}

/** The holder's sanitized name; undefined if there is none. For links, and for who is written to. */
export function knownName(holder: Holder): string | undefined {
  return plain(holder.name ?? '', nameLength) || undefined;
}

/** The name of somebody else, marked if only the lock's own text gives it; undefined if nobody is named. */
export function markedName(holder: Holder): string | undefined {
  const name = knownName(holder);
  if (name === undefined) return undefined;
  return holder.assertedBy === 'server' ? name : l10n.t('{0} (unverified)', name);
}

/**
 * `Locked by Ann Lee until 2:32 PM`, `Locked by Ann Lee (unverified)`, `Locked (holder unknown)`: the one way to say
 * who holds a lock, without a period.
 */
export function lockedBy(lock: Lock, now: Stamp): string {
  const { holder } = lock;
  const isNobody = holder.self !== 'thisWindow' && holder.self !== 'elsewhere' && !holder.perhapsOurs;
  const locked =
    isNobody && knownName(holder) === undefined
      ? l10n.t('Locked (holder unknown)')
      : l10n.t('Locked by {0}', holderInSentence(holder));
  const until = untilText(lock.expiry, now);
  if (until === undefined) return locked;
  return lock.expiry.kind === 'never'
    ? l10n.t('{0}, {1}', locked, until)
    : l10n.t('{0} until {1}', locked, until);
}

/** The holder in the middle of a sentence: `you on LAPTOP-7` instead of `You on LAPTOP-7`. */
export function holderInSentence(holder: Holder): string {
  if (holder.self === 'thisWindow') return l10n.t('you');
  if (holder.self === 'elsewhere') {
    const where = placeOf(holder);
    return where === '' ? l10n.t('you elsewhere') : l10n.t('you on {0}', where);
  }
  return markedName(holder) ?? (holder.perhapsOurs ? l10n.t('someone, perhaps you') : l10n.t('someone'));
}

function placeOf({ host, app }: Holder): string {
  return plain(host ?? app ?? '', nameLength);
}
