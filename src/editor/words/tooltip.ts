import { l10n } from 'vscode';
import type { LossReason } from '../../core/model/evidence';
import type { Lock, Stamp, UnknownReason } from '../../core/model/lock';
import { rootAbove, type LockView } from '../../core/model/lockView';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { plain } from './plainText';
import { lockedBy } from './holder';
import { ageText, clockText } from './time';

/** What a tooltip is about, and the time it is shown. */
export interface TooltipInput {
  readonly resource: ResourceId;
  readonly view: LockView;
  readonly now: Stamp;
}

// Further holders add nothing useful.
const holdersShown = 5;

/** Everything known about a file's lock, one fact per line, for views that ask when they show it. */
export function tooltip(asked: TooltipInput): string {
  return [...facts(asked), ...freshness(asked, ageText)].join('\n');
}

/** The same facts with a clock time, for views that cache their text, where an age would soon be wrong. */
export function cacheableFacts(asked: TooltipInput): string[] {
  return [...facts(asked), ...freshness(asked, clockText)];
}

function facts({ resource, view, now }: TooltipInput): string[] {
  switch (view.state) {
    case 'free':
      return [l10n.t('Nobody holds a lock')];
    case 'unknown':
      return [unknownSentence(view.why ?? 'notAsked')];
    case 'lost':
      return [lostSentence(view.lost ?? 'unknown'), ...locksIn(view, resource, now)];
    case 'shared':
      return [l10n.t('Shared lock: its holders agree among themselves'), ...locksIn(view, resource, now)];
    case 'mine':
    case 'mineElsewhere':
    case 'other':
      return locksIn(view, resource, now);
  }
}

function locksIn(view: LockView, resource: ResourceId, now: Stamp): string[] {
  // The most important lock comes first.
  const ordered = view.lock ? [view.lock, ...view.locks.filter((lock) => lock !== view.lock)] : view.locks;
  const shown = ordered.slice(0, holdersShown).flatMap((lock) => lockFacts(lock, resource, now));
  const hidden = ordered.length - holdersShown;
  return hidden > 0 ? [...shown, l10n.t('and {0} more', hidden)] : shown;
}

function lockFacts(lock: Lock, resource: ResourceId, now: Stamp): string[] {
  const root = rootAbove(lock, resource);
  return [
    lockedBy(lock, now),
    ...noteOf(lock),
    ...(lock.expiry.kind === 'unknown' && lock.holder.self !== 'thisWindow'
      ? [l10n.t('The server does not say until when')]
      : []),
    ...(lock.since ? [l10n.t('Since {0}', clockText(lock.since.wall, now))] : []),
    ...(root ? [l10n.t("Through the folder '{0}'", plain(nameOf(root), 60))] : []),
    ...programOf(lock),
  ];
}

function noteOf({ holder }: Lock): string[] {
  const note = plain(holder.note ?? '', 160);
  return note === '' ? [] : [l10n.t('Note in the lock: "{0}"', note)];
}

function programOf({ holder }: Lock): string[] {
  const app = plain(holder.app ?? '', 40);
  const host = plain(holder.host ?? '', 40);
  // For our own locks the holder's name includes the machine already.
  if (holder.self === 'thisWindow') return [];
  if (holder.self === 'elsewhere') return app && host ? [l10n.t('Program: {0}', app)] : [];
  if (app && host) return [l10n.t('Program: {0} on {1}', app, host)];
  if (app) return [l10n.t('Program: {0}', app)];
  return host ? [l10n.t('Machine: {0}', host)] : [];
}

function freshness({ view, now }: TooltipInput, timeText: (wall: number, now: Stamp) => string): string[] {
  if (view.asOf === undefined) return [];
  const when = timeText(view.asOf, now);
  const isVerified = view.lock?.holder.self === 'other' && view.lock.holder.assertedBy === 'server';
  return [isVerified ? l10n.t("The server's word, as of {0}", when) : l10n.t('As of {0}', when)];
}

function unknownSentence(why: UnknownReason): string {
  switch (why) {
    case 'notAsked':
      return l10n.t('The server has not been asked yet');
    case 'notListed':
      return l10n.t('The server does not say whether this is locked');
    case 'hidden':
      return l10n.t('The server hides its locks from you');
    case 'noLocks':
      return l10n.t('This server has no locks');
    case 'notEnforced':
      return l10n.t('This server grants locks but does not enforce them');
    case 'auth':
      return l10n.t('The server wants you to sign in before it says anything');
    case 'unreachable':
      return l10n.t('The server could not be reached');
    case 'serverFault':
      return l10n.t('The server answered with an error');
    case 'notFound':
      return l10n.t('This is not on the server, or not any more');
  }
}

/** Why our lock was lost. */
function lostSentence(why: LossReason): string {
  switch (why) {
    case 'expired':
      return l10n.t('Your lock was lost: it expired');
    case 'broken':
      return l10n.t('Your lock was lost: it ended before its time');
    case 'taken':
      return l10n.t('Your lock was lost: somebody else holds the lock now');
    case 'unknown':
      return l10n.t('Your lock was lost: the server doesn’t say why');
  }
}

/** The facts as one line for screen readers. */
export function accessibleText(asked: TooltipInput): string {
  return facts(asked).join(', ');
}

/** `Locked by Ann Lee until 14:32`: the line above line 1 of a file that cannot be saved now. */
export function blockedText({ resource, view, now }: TooltipInput): string {
  const { lock } = view;
  if (view.state === 'lost') return lostSentence(view.lost ?? 'unknown');
  if (!lock) return l10n.t('Locked (holder unknown)');
  const root = rootAbove(lock, resource);
  return root
    ? l10n.t("{0}, through the folder '{1}'", lockedBy(lock, now), plain(nameOf(root), 60))
    : lockedBy(lock, now);
}
