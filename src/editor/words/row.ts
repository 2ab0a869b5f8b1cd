import { l10n } from 'vscode';
import type { Expiry, Holder, Stamp } from '../../core/model/lock';
import { blocksUs } from '../../core/model/lockView';
import type { BlockedSave } from '../../core/saving/blockedSaves';
import { failureLabel } from './failureLabel';
import { holderName, knownName } from './holder';
import { sectionOf, type SectionInput } from './section';
import { cacheableStatus, dotted } from './status';
import { shortClock, untilText } from './time';
import { capital } from './tooltip';
import { waitPhaseText, type ShownWait } from './wait';

/** What a row of the Locks view is about. */
export interface RowInput extends SectionInput {
  readonly wait: ShownWait | undefined;
  readonly blockedSave: Pick<BlockedSave, 'failure'> | undefined;
  readonly now: Stamp;
}

/**
 * What a row says behind the file's name, without what the heading above it says: `until 2:32 PM`. The end of the lock
 * comes first, because a narrow side bar cuts the text.
 */
export function rowText(row: RowInput): string {
  const { group, view, wait, blockedSave, now } = row;
  if (group === 'waiting' && wait && wait.phase !== 'waiting') return waitPhaseText(wait, view, now);
  const isLock = blocksUs(view) || view.state === 'lost';
  if (group === 'blocking' && blockedSave && !isLock) return capital(failureLabel(blockedSave.failure.kind));
  const { lock, state } = view;
  if (!lock || state === 'shared' || state === 'lost') return cacheableStatus(view, now);
  return dotted(endOf(lock.expiry, now), sectionOf(row).saysWho ? undefined : whoOf(lock.holder));
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
