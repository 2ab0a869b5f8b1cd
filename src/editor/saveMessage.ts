import { l10n } from 'vscode';
import type { BlockedSave } from '../core/blockedSaves';
import type { Stamp } from '../core/lock';
import type { LockView } from '../core/lockView';
import { failureSentence } from './failureWords';
import { plain } from './plainText';
import { knownName, lockedBy } from './words/holder';

/**
 * The text of a refused save. VS Code shows it in its own toast and turns `[label](command:…)` into links, so it is
 * the only message there is. Foreign text in it is washed; the links carry a short key instead of an address.
 */
export function blockedMessage(save: BlockedSave, view: LockView, now: Stamp): string {
  const { key, failure } = save;
  const more = link(l10n.t('More…'), 'lockStatus.showActions', key);
  switch (failure.kind) {
    case 'locked': {
      const free = link(l10n.t('Save when free'), 'lockStatus.wait', key);
      return `${lockSentence(view, now)}. ${free} · ${askLink(view, key)} · ${more}`;
    }
    case 'contentChanged': {
      const compare = link(l10n.t('Compare'), 'lockStatus.compare', key);
      const said = failure.facts.halfWritten
        ? failureSentence(failure)
        : l10n.t('Changed on the server since you last saw it. Nothing was overwritten.');
      return `${said} ${compare} · ${more}`;
    }
    case 'leaseLost': {
      const compare = link(l10n.t('Compare'), 'lockStatus.compare', key);
      return `${l10n.t('Your lock was lost, so nothing was written.')} ${compare} · ${more}`;
    }
    case 'signInNeeded':
      return `${failureSentence(failure)} ${link(l10n.t('Sign in'), 'lockStatus.openRemoteFolder', key)} · ${more}`;
    default:
      return `${failureSentence(failure)} ${more}`;
  }
}

function lockSentence(view: LockView, now: Stamp): string {
  return view.lock ? lockedBy(view.lock, now) : l10n.t('Locked, and the server does not say by whom');
}

function askLink(view: LockView, key: string): string {
  const who = view.lock && view.lock.holder.self !== 'elsewhere' ? knownName(view.lock.holder) : undefined;
  const label = who === undefined ? l10n.t('Ask the holder') : l10n.t('Ask {0}', who);
  return link(label, 'lockStatus.contactHolder', key);
}

/** A link that VS Code makes live in a notification; the argument must not hold a bare bracket of any kind. */
export function link(label: string, command: string, key: string): string {
  const argument = encodeURIComponent(JSON.stringify([key])).replace(
    /[()!'*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  const words = plain(label).replaceAll('[', '(').replaceAll(']', ')');
  return `[${words}](command:${command}?${argument})`;
}
