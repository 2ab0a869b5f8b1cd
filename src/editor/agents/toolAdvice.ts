import { l10n } from 'vscode';
import type { LockStatus } from '../../../lock-status';
import { toolNames } from './toolNames';

/** What a model can do about a file's lock: never more than a person's own commands do without a question. */
export function stateAdvice(state: LockStatus['state']): string {
  const wait = toolNames.saveWhenFree;
  switch (state) {
    case 'free':
      return l10n.t('Nobody holds a lock: the file can be edited and saved.');
    case 'mine':
      return l10n.t('This window holds the lock: the file can be edited and saved.');
    case 'mineElsewhere':
      return l10n.t(
        'The user holds the lock in another window or on another computer, so a save is refused. Only the user can take it over. To wait, leave the change unsaved in an editor and call {0}.',
        wait,
      );
    case 'other':
    case 'shared':
      return l10n.t(
        'Someone else holds the lock, so a save is refused. Tell the user who holds it. To wait, leave the change unsaved in an editor and call {0}. No tool breaks a lock.',
        wait,
      );
    case 'lost':
      return l10n.t(
        'This window lost its lock, and others may have changed the file. The user has to compare with the server first.',
      );
    case 'unknown':
      return l10n.t(
        'It isn’t known whether the file is locked. If it is, a save is refused, and nothing is lost.',
      );
  }
}
