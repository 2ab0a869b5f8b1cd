import { l10n } from 'vscode';
import type { Lock, Stamp } from '../../core/model/lock';
import type { LockView } from '../../core/model/lockView';
import { nameOf } from '../../core/model/resource';
import type { Wait } from '../../core/waiting/waits';
import { hostOf } from './failureWords';
import { plain } from './plainText';
import { serverChangeText } from './serverChange';
import { knownName, markedName } from './holder';
import { dotted } from './status';
import { endText, timeLeft } from './time';

/** The displayed parts of a wait. */
export type ShownWait = Pick<Wait, 'resource' | 'phase' | 'trouble'>;

/** The state of a wait, without its icon: `report.md: waiting for Ann Lee, until 2:32 PM`. */
export function waitText(wait: ShownWait, view: LockView, now: Stamp): string {
  // The holder must still be readable in a narrow window.
  return l10n.t('{0}: {1}', plain(nameOf(wait.resource), 30), waitPhaseText(wait, view, now));
}

/** Letters of a name that leave room for the active file's own item in a narrow window. */
export const roomForName = 14;

/**
 * The same where the rest is in the hover, and the active file's own item needs the room: `report.md: Waiting`.
 * Undefined where the name is too long for that.
 */
export function shortWaitText({ resource, phase }: ShownWait): string | undefined {
  const name = nameOf(resource);
  if (name.length > roomForName) return undefined;
  const text = phase === 'waiting' ? l10n.t('Waiting') : shortPhaseText(phase, undefined);
  return l10n.t('{0}: {1}', plain(name, roomForName), text);
}

/** The status bar's text for the active file: `$(watch) Waiting for Ann Lee · 9 min left`. */
export function waitStatusText({ phase }: ShownWait, { lock }: LockView, now: Stamp): string {
  const text = shortPhaseText(phase, lock);
  const left = phase === 'waiting' && lock ? timeLeft(lock.expiry, now) : undefined;
  return `${phaseIcons[phase]} ${dotted(text, left)}`;
}

const phaseIcons: Record<Wait['phase'], string> = {
  waiting: '$(watch)',
  saving: '$(sync~spin)',
  conflict: '$(warning)',
};

function shortPhaseText(phase: Wait['phase'], lock: Lock | undefined): string {
  switch (phase) {
    case 'saving':
      return l10n.t('Saving');
    case 'conflict':
      return serverChangeText('review');
    case 'waiting':
      return waitingFor(lock, ' (?)');
  }
}

/**
 * `Waiting for Ann Lee (unverified)`. A lock of which nobody is named is what is waited for itself. `mark` stands in the
 * place of the word where there is no room for it and the hover says it.
 */
export function waitingFor(lock: Lock | undefined, mark?: string): string {
  const who = whoOf(lock, mark);
  return who === undefined ? l10n.t('Waiting for the lock') : l10n.t('Waiting for {0}', who);
}

function whoOf(lock: Lock | undefined, mark?: string): string | undefined {
  const isTheirs = lock?.holder.self === 'other' || lock?.holder.self === 'unknown';
  if (!isTheirs) return undefined;
  const [name, marked] = [knownName(lock.holder), markedName(lock.holder)];
  return mark === undefined || name === undefined || name === marked ? marked : `${name}${mark}`;
}

export function waitPhaseText(wait: ShownWait, view: LockView, now: Stamp): string {
  switch (wait.phase) {
    case 'saving':
    case 'conflict':
      return shortPhaseText(wait.phase, view.lock);
    case 'waiting':
      return wait.trouble === undefined ? waitingText(view, now) : troubleText(wait.trouble, view);
  }
}

function waitingText({ lock }: LockView, now: Stamp): string {
  const until = lock && endText(lock.expiry, now);
  return until === undefined ? waitingFor(lock) : l10n.t('{0}, {1}', waitingFor(lock), until);
}

function troubleText(trouble: NonNullable<Wait['trouble']>, { lock }: LockView): string {
  const who = whoOf(lock);
  switch (trouble) {
    case 'byHand':
      return who === undefined
        ? l10n.t('Waiting, but the lock doesn’t expire by itself')
        : l10n.t('Waiting for {0}, but the lock doesn’t expire by itself', who);
    case 'expired':
      return l10n.t('Waiting, but the lock should have expired already');
    case 'lasting':
      return l10n.t('Waiting for a long time: ask the administrator');
  }
}

/** What a hover says of a wait, beside the facts of the lock. */
export function waitHover(wait: ShownWait, view: LockView): string[] {
  if (wait.phase !== 'waiting') return [shortPhaseText(wait.phase, view.lock)];
  const advice = waitAdvice(wait, view);
  return [l10n.t('Will be saved when the lock is free'), ...(advice === undefined ? [] : [advice])];
}

/** Advice for a wait that may take long; undefined if there is nothing to do but wait. */
export function waitAdvice({ resource, phase, trouble }: ShownWait, { lock }: LockView): string | undefined {
  if (phase !== 'waiting' || trouble === undefined) return undefined;
  const who = lock && knownName(lock.holder);
  switch (trouble) {
    case 'byHand':
      return who === undefined
        ? l10n.t('The holder has to release the lock. Ask them.')
        : l10n.t('It stays locked until {0} releases the lock. Ask {0}.', who);
    case 'expired':
      return l10n.t(
        'The lock has expired, but {0} still enforces it. Ask the administrator to break it.',
        hostOf(resource),
      );
    case 'lasting':
      return l10n.t(
        'A program has held it for more than 30 minutes. The administrator of {0} can look at it.',
        hostOf(resource),
      );
  }
}
