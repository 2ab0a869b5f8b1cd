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

/** The hover of views that ask when they show it: a line that says who holds the lock, and one with the rest. */
export function tooltip(asked: TooltipInput): string {
  return twoLines(asked, checkedAgo(asked));
}

/** The same with a clock time, for views that cache their text, where an age would soon be wrong. */
export function cacheableTooltip(asked: TooltipInput): string {
  return twoLines(asked, checkedAt(asked));
}

/** Everything known about a file's lock, one fact per line. */
export function lockFacts(asked: TooltipInput): string[] {
  return [...headlines(asked), ...details(asked), ...checkedAgo(asked).map(capital)];
}

/** A second line only if there is something to say. Further holders of the lock have a line each. */
function twoLines(asked: TooltipInput, checked: readonly string[]): string {
  const rest = [...details(asked), ...checked].join(' · ');
  return [...headlines(asked), ...(rest === '' ? [] : [capital(rest)])].join('\n');
}

export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** The state in a sentence, and who holds the locks. */
function headlines({ view, now }: TooltipInput): string[] {
  switch (view.state) {
    case 'free':
      return [l10n.t('Not locked')];
    case 'unknown':
      return [unknownSentence(view.why ?? 'notAsked')];
    case 'lost':
      return [lostSentence(view.lost ?? 'unknown'), ...holdersIn(view, now)];
    case 'shared':
      return [
        l10n.t('Shared lock: its holders coordinate their changes themselves'),
        ...holdersIn(view, now),
      ];
    case 'mine':
    case 'mineElsewhere':
    case 'other':
      return holdersIn(view, now);
  }
}

/** The most important lock comes first. */
function holdersIn(view: LockView, now: Stamp): string[] {
  const ordered = view.lock ? [view.lock, ...view.locks.filter((lock) => lock !== view.lock)] : view.locks;
  const shown = ordered.slice(0, holdersShown).map((lock) => lockedBy(lock, now));
  const hidden = ordered.length - holdersShown;
  return hidden > 0 ? [...shown, l10n.t('and {0} more', hidden)] : shown;
}

/** What else is known of the lock that is named first. */
function details({ resource, view, now }: TooltipInput): string[] {
  const { lock } = view;
  if (!lock) return [];
  const root = rootAbove(lock, resource);
  return [
    ...noteOf(lock),
    ...(lock.expiry.kind === 'unknown' && lock.holder.self !== 'thisWindow'
      ? [l10n.t('Expiry not given')]
      : []),
    ...(lock.since ? [l10n.t('Since {0}', clockText(lock.since.wall, now))] : []),
    ...(root ? [l10n.t("Through the folder '{0}'", plain(nameOf(root), 60))] : []),
    ...programOf(lock),
    ...(lock.holder.self === 'other' && lock.holder.assertedBy === 'server'
      ? [l10n.t('Name confirmed by the server')]
      : []),
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
  return host ? [l10n.t('Computer: {0}', host)] : [];
}

function checkedAgo({ view: { asOf }, now }: TooltipInput): string[] {
  return asOf === undefined ? [] : [l10n.t('checked {0}', ageText(asOf, now))];
}

function checkedAt({ view: { asOf }, now }: TooltipInput): string[] {
  return asOf === undefined ? [] : [l10n.t('checked at {0}', clockText(asOf, now))];
}

function unknownSentence(why: UnknownReason): string {
  switch (why) {
    case 'notAsked':
      return l10n.t('The server hasn’t been asked yet');
    case 'notListed':
      return l10n.t('The server doesn’t list locks, so nobody can see whether this is locked');
    case 'unproven':
      return l10n.t('The server lists no lock here, which doesn’t prove that there is none');
    case 'hidden':
      return l10n.t('The server hides its locks from you');
    case 'noLocks':
      return l10n.t('This server doesn’t support locks');
    case 'notEnforced':
      return l10n.t('This server grants locks but doesn’t enforce them');
    case 'auth':
      return l10n.t('Sign in to see whether this is locked');
    case 'unreachable':
      return l10n.t('Can’t reach the server');
    case 'serverFault':
      return l10n.t('The server answered with an error');
    case 'notFound':
      return l10n.t('Not found on the server');
  }
}

/** Why our lock was lost. */
function lostSentence(why: LossReason): string {
  switch (why) {
    case 'expired':
      return l10n.t('Your lock was lost: it expired');
    case 'broken':
      return l10n.t('Your lock was lost: it was broken or dropped before it expired');
    case 'taken':
      return l10n.t('Your lock was lost: someone else holds the lock now');
    case 'unknown':
      return l10n.t('Your lock was lost: the server doesn’t say why');
  }
}

/** The facts as one line for screen readers. */
export function accessibleText(asked: TooltipInput): string {
  return [...headlines(asked), ...details(asked)].join(', ');
}

/** `Locked by Ann Lee until 2:32 PM`: the line above line 1 of a file that cannot be saved now. */
export function blockedText({ resource, view, now }: TooltipInput): string {
  const { lock } = view;
  if (view.state === 'lost') return lostSentence(view.lost ?? 'unknown');
  if (!lock) return l10n.t('Locked (holder unknown)');
  const root = rootAbove(lock, resource);
  return root
    ? l10n.t("{0}, through the folder '{1}'", lockedBy(lock, now), plain(nameOf(root), 60))
    : lockedBy(lock, now);
}
