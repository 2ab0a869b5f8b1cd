import { env, l10n } from 'vscode';
import type { Expiry, Stamp } from '../../core/model/lock';
import { remainingMs } from '../../core/model/lockView';

const minute = 60_000;
const hour = 60 * minute;

/**
 * A clock time in the form of the user's language, by default to the minute, with the day if that is not today:
 * `2:32 PM`, `2:32 PM tomorrow`, `2:32 PM, Nov 28`.
 */
export function clockText(wall: number, now: Stamp, style: 'time' | 'timeToSecond' = 'time'): string {
  const time = format(wall, style);
  switch (daysBetween(now.wall, wall)) {
    case 0:
      return time;
    case 1:
      return l10n.t('{0} tomorrow', time);
    case -1:
      return l10n.t('{0} yesterday', time);
    default:
      return l10n.t('{0}, {1}', time, format(wall, isSameYear(wall, now) ? 'day' : 'dayAndYear'));
  }
}

/** When a lock expires: a clock time, `no end`, or undefined if the server does not say. */
export function untilText(expiry: Expiry, now: Stamp): string | undefined {
  if (expiry.kind === 'never') return l10n.t('never expires');
  return expiry.kind === 'at' ? clockText(expiry.at.wall, now) : undefined;
}

/** The same after a separator: `until 2:32 PM`, `no end`. */
export function endText(expiry: Expiry, now: Stamp): string | undefined {
  const until = untilText(expiry, now);
  return until === undefined || expiry.kind === 'never' ? until : l10n.t('until {0}', until);
}

/** A time to come where there is little room: `2:32 PM`, or the day where that is not the next such time. */
export function shortClock(wall: number, now: Stamp): string {
  if (wall < now.wall + 24 * hour) return format(wall, 'time');
  return format(wall, isSameYear(wall, now) ? 'day' : 'dayAndYear');
}

/** A tick of a time axis, where there is little room: its clock time; its day where the axis covers days and it begins one. */
export function tickText(wall: number, covered: number): string {
  const isMidnight = wall === new Date(wall).setHours(0, 0, 0, 0);
  return format(wall, covered > 24 * hour && isMidnight ? 'day' : 'time');
}

// Beyond this, a clock time is clearer than a number of minutes.
const countedMinutes = 60;

/** What is left of a lock's time, for text that is redrawn: `9 min left`, `until 4:00 PM`, `no end`, `expired`. */
export function timeLeft(expiry: Expiry, now: Stamp): string | undefined {
  const minutes = minutesLeft(expiry, now);
  if (minutes === undefined || minutes > countedMinutes) return endText(expiry, now);
  return minutes === 0 ? l10n.t('expired') : l10n.t('{0} min left', minutes);
}

/**
 * What is left of a time in two signs, at most so much: `9m`, `½h`, `2h`, `3d`. The units are the same in all languages.
 * Undefined where two signs are too few, and where nothing is left.
 */
export function twoSignsLeft(ms: number): string | undefined {
  const minutes = Math.ceil(ms / minute);
  if (minutes < 1) return undefined;
  if (minutes < 10) return `${minutes}m`;
  const quarters = Math.ceil(minutes / 15);
  if (quarters < 4) return `${'¼½¾'.charAt(quarters - 1)}h`;
  const hours = Math.ceil(minutes / 60);
  if (hours < 10) return `${hours}h`;
  const days = Math.ceil(hours / 24);
  return days < 10 ? `${days}d` : undefined;
}

/** Minutes until a lock expires, rounded up; undefined if no expiry is known. */
export function minutesLeft(expiry: Expiry, now: Stamp): number | undefined {
  const left = remainingMs(expiry, now.mono);
  return left === undefined ? undefined : Math.ceil(left / minute);
}

/** How long ago something was: `just now`, `3 min ago`, `2 h ago`. */
export function ageText(wall: number, now: Stamp): string {
  const age = Math.max(0, now.wall - wall);
  if (age < minute) return l10n.t('just now');
  if (age < hour) return l10n.t('{0} min ago', Math.floor(age / minute));
  if (age < 24 * hour) return l10n.t('{0} h ago', Math.floor(age / hour));
  return clockText(wall, now);
}

function isSameYear(wall: number, now: Stamp): boolean {
  return new Date(wall).getFullYear() === new Date(now.wall).getFullYear();
}

/** Calendar days between two moments in this machine's time zone. */
function daysBetween(from: number, to: number): number {
  const midnight = (wall: number) => new Date(wall).setHours(0, 0, 0, 0);
  // Rounded, because days of 23 and 25 hours exist.
  return Math.round((midnight(to) - midnight(from)) / (24 * hour));
}

const styles = {
  time: { hour: 'numeric', minute: '2-digit' },
  timeToSecond: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  dayAndYear: { day: 'numeric', month: 'short', year: 'numeric' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

type Style = keyof typeof styles;

// Creating a format costs fifty times as much as using it, and thousands of files need one at once.
const formats = new Map<Style, Intl.DateTimeFormat>();

function format(wall: number, style: Style): string {
  // A server's clock may be so wrong that its time is not a valid date.
  if (!Number.isFinite(wall) || Math.abs(wall) > 8.64e15) return '?';
  const made = formats.get(style) ?? new Intl.DateTimeFormat(env.language, styles[style]);
  formats.set(style, made);
  return made.format(wall);
}
