import { l10n } from 'vscode';
import type { Lock, Stamp, UnknownReason } from '../../core/model/lock';
import type { LockView } from '../../core/model/lockView';
import { holderName } from './holder';
import { minutesLeft, untilText } from './time';

// Beyond this, a clock time is clearer than a number of minutes.
const manyMinutes = 90;

/** A file's lock status in the fewest words, without its icon: `Ann Lee · 14:32`. */
export function shortStatus(view: LockView, now: Stamp): string {
  const { lock } = view;
  switch (view.state) {
    case 'free':
      return l10n.t('Free');
    case 'lost':
      return l10n.t('Lock lost');
    case 'unknown':
      return unknownText(view.why ?? 'notAsked');
    case 'mine':
      return lock ? dotted(holderName(lock.holder), timeLeft(lock, now)) : l10n.t('You');
    case 'shared':
      return l10n.t('Shared: {0}', holderAndMore(view));
    case 'mineElsewhere':
    case 'other':
      return lock ? dotted(capital(holderName(lock.holder)), untilText(lock.expiry, now)) : l10n.t('Locked');
  }
}

/** The same for views that cache their text, where a number of minutes would soon be wrong. */
export function cacheableStatus(view: LockView, now: Stamp): string {
  if (view.state !== 'mine' || !view.lock) return shortStatus(view, now);
  return dotted(holderName(view.lock.holder), untilText(view.lock.expiry, now));
}

const icons: Record<LockView['state'], string> = {
  free: '$(unlock)',
  lost: '$(warning)',
  unknown: '$(question)',
  mine: '$(lock)',
  mineElsewhere: '$(lock)',
  other: '$(lock)',
  shared: '$(lock)',
};

/** The status bar's text for a file: `$(lock) Ann Lee · 14:32`. */
export function statusText(view: LockView, now: Stamp): string {
  return `${icons[view.state]} ${shortStatus(view, now)}`;
}

/** Why the lock state is unknown, in a few words. */
export function unknownText(why: UnknownReason): string {
  switch (why) {
    case 'notAsked':
      return l10n.t('Not asked yet');
    case 'notListed':
    case 'hidden':
      return l10n.t('Server does not say');
    case 'noLocks':
      return l10n.t('Server has no locks');
    case 'notEnforced':
      return l10n.t('Locks not enforced');
    case 'auth':
      return l10n.t('Sign-in needed');
    case 'unreachable':
      return l10n.t('Server not reached');
    case 'serverFault':
      return l10n.t('Server error');
    case 'notFound':
      return l10n.t('Not on the server');
  }
}

function timeLeft(lock: Lock, now: Stamp): string | undefined {
  const minutes = minutesLeft(lock.expiry, now);
  if (minutes === undefined || minutes > manyMinutes) return untilText(lock.expiry, now);
  return minutes === 0 ? l10n.t('expired') : l10n.t('{0} min', minutes);
}

/** `Ann Lee +1`: the first holder and the number of others. */
function holderAndMore(view: LockView): string {
  const who = view.lock ? holderName(view.lock.holder) : l10n.t('someone');
  return view.locks.length > 1 ? `${who} +${view.locks.length - 1}` : who;
}

function dotted(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' · ');
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
