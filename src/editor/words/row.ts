import { l10n } from 'vscode';
import type { Expiry, Holder, Stamp } from '../../core/model/lock';
import type { LockView } from '../../core/model/lockView';
import { holderName, knownName } from './holder';
import { sectionOf, type SectionInput } from './section';
import { cacheableStatus, dotted } from './status';
import { shortClock, twoSignsLeft, untilText } from './time';
import { waitPhaseText, type ShownWait } from './wait';

/** What a row of the Locks view is about. */
export interface RowInput extends SectionInput {
  /** The file's name. */
  readonly name: string;
  readonly wait?: ShownWait | undefined;
  readonly now: Stamp;
}

/** Longer names leave no room for a time behind them in a narrow side bar, which cuts the text. */
const roomBesideTime = 9;

/** What a row says behind the file's name, without what the heading above it says. */
export interface RowTexts {
  /** `until 2:32 PM`: the end of the lock comes first, because a narrow side bar cuts the text. */
  readonly text: string;
  /** By the monotonic clock: the end of the lock, if a badge says what is left. A badge is never cut. */
  readonly badgeUntil?: number;
}

export function rowTexts(row: RowInput): RowTexts {
  const { group, view, wait, now } = row;
  const { saysWho, saysAll } = sectionOf(row);
  if (saysAll) return { text: '' };
  if (group === 'waiting' && wait && wait.phase !== 'waiting')
    return { text: waitPhaseText(wait, view, now) };
  const { lock, state } = view;
  // The end of one of several locks says nothing of the file.
  if (state === 'shared' && saysWho) return { text: othersThan(view) };
  if (!lock || state === 'shared' || state === 'lost') return { text: cacheableStatus(view, now) };
  const who = saysWho ? undefined : whoOf(lock.holder);
  const badgeUntil = row.name.length > roomBesideTime ? endForBadge(lock.expiry, now) : undefined;
  if (badgeUntil !== undefined) return { text: who ?? '', badgeUntil };
  return { text: dotted(endOf(lock.expiry, now), who) };
}

/** `+1`: the holders beside the one who is named. */
function othersThan({ locks }: LockView): string {
  return locks.length > 1 ? `+${locks.length - 1}` : '';
}

/** Undefined where a badge has no room for what is left. */
function endForBadge(expiry: Expiry, now: Stamp): number | undefined {
  if (expiry.kind !== 'at') return undefined;
  const { mono } = expiry.at;
  return twoSignsLeft(mono - now.mono) === undefined ? undefined : mono;
}

/** Undefined of a holder of whom nothing is known: without a name, the heading says as much. */
function whoOf(holder: Holder): string | undefined {
  const isNobody = holder.self === 'other' || holder.self === 'unknown';
  return isNobody && !holder.perhapsOurs && knownName(holder) === undefined ? undefined : holderName(holder);
}

function endOf(expiry: Expiry, now: Stamp): string | undefined {
  if (expiry.kind !== 'at') return untilText(expiry, now);
  const { wall } = expiry.at;
  return wall > now.wall ? l10n.t('until {0}', shortClock(wall, now)) : l10n.t('expired');
}
