import { l10n } from 'vscode';
import type { Expiry, Stamp, UnknownReason } from '../../core/model/lock';
import type { LockView } from '../../core/model/lockView';
import { holderName } from './holder';
import { endText, timeLeft } from './time';

type TimeText = (expiry: Expiry, now: Stamp) => string | undefined;

/** A file's lock status in the fewest words, without its icon: `Ann Lee · 9 min left`. */
export function shortStatus(view: LockView, now: Stamp): string {
  return status(view, now, timeLeft);
}

/** The same for views that cache their text, where a number of minutes would soon be wrong. */
export function cacheableStatus(view: LockView, now: Stamp): string {
  return status(view, now, endText);
}

function status(view: LockView, now: Stamp, timeText: TimeText): string {
  const { lock } = view;
  switch (view.state) {
    case 'free':
      return l10n.t('Free');
    case 'lost':
      return l10n.t('Lock lost');
    case 'unknown':
      return unknownText(view.why ?? 'notAsked');
    case 'shared':
      return l10n.t('Shared: {0}', holderAndMore(view));
    case 'mine':
    case 'mineElsewhere':
    case 'other':
      return lock ? dotted(holderName(lock.holder), timeText(lock.expiry, now)) : l10n.t('Locked');
  }
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

/** The status bar's text for a file: `$(lock) Ann Lee · 9 min left`. */
export function statusText(view: LockView, now: Stamp): string {
  return `${icons[view.state]} ${shortStatus(view, now)}`;
}

/** Why the lock state is unknown, in a few words. */
export function unknownText(why: UnknownReason): string {
  switch (why) {
    case 'notAsked':
      return l10n.t('Not checked yet');
    case 'notListed':
      return l10n.t('Server doesn’t list locks');
    case 'unproven':
      return l10n.t('No lock listed');
    case 'hidden':
      return l10n.t('Server hides locks');
    case 'noLocks':
      return l10n.t('Server doesn’t support locks');
    case 'notEnforced':
      return l10n.t('Locks not enforced');
    case 'auth':
      return l10n.t('Sign-in needed');
    case 'unreachable':
      return l10n.t('Can’t reach server');
    case 'serverFault':
      return l10n.t('Server error');
    case 'notFound':
      return l10n.t('Not on the server');
  }
}

/** `Ann Lee +1`: the first holder and the number of others. */
function holderAndMore(view: LockView): string {
  const who = view.lock ? holderName(view.lock.holder) : l10n.t('Someone');
  return view.locks.length > 1 ? `${who} +${view.locks.length - 1}` : who;
}

/** Facts in a row: `Ann Lee · 9 min left`. */
export function dotted(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' · ');
}
