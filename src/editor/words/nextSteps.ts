import type { Stamp } from '../../core/model/lock';
import type { LockView } from '../../core/model/lockView';
import type { ServerChange } from '../../core/saving/serverChange';
import { serverChangeSentence, serverChangeText } from './serverChange';
import { waitHover, waitPhaseText, type ShownWait } from './wait';

interface ShownStatus {
  readonly view: LockView;
  readonly wait?: ShownWait;
  readonly serverChange?: ServerChange;
  readonly now: Stamp;
}

/** What a hover says before the facts of the lock: what becomes of the unsaved text, or what to do about it. */
export function nextSteps({ view, wait, serverChange }: ShownStatus): string[] {
  if (serverChange !== undefined) return [serverChangeSentence(serverChange)];
  return wait ? waitHover(wait, view) : [];
}

/** The same in fewer words, for screen readers. */
export function nextStepTexts({ view, wait, serverChange, now }: ShownStatus): string[] {
  if (serverChange !== undefined) return [serverChangeText(serverChange)];
  return wait ? [waitPhaseText(wait, view, now)] : [];
}
