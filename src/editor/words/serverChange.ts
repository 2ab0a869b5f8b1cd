import { l10n } from 'vscode';
import type { ServerChange } from '../../core/saving/serverChange';

/** What is next, in a few words: `Changed on server: review`. */
export function serverChangeText(change: ServerChange): string {
  switch (change) {
    case 'review':
      return l10n.t('Changed on server: review');
    case 'resolve':
      return l10n.t('Merged: resolve conflicts');
    case 'save':
      return l10n.t('Merged: save');
  }
}

/** The heading of the Locks view above such files, whose rows then need no text that a narrow side bar cuts. */
export function serverChangeTitle(change: ServerChange): string {
  switch (change) {
    case 'review':
      return l10n.t('Changed on Server');
    case 'resolve':
      return l10n.t('Resolve Conflicts');
    case 'save':
      return l10n.t('Merged, Not Saved');
  }
}

/** The same as a sentence, for hovers. */
export function serverChangeSentence(change: ServerChange): string {
  switch (change) {
    case 'review':
      return l10n.t('Changed on the server since you last saw it: compare or merge');
    case 'resolve':
      return l10n.t('Merged with the server’s changes, but not saved: resolve the conflicts, then save');
    case 'save':
      return l10n.t('Merged with the server’s changes, but not saved yet');
  }
}

/** The status bar's text for the active file. */
export function serverChangeStatus(change: ServerChange): string {
  return `${change === 'save' ? '$(git-merge)' : '$(warning)'} ${serverChangeText(change)}`;
}
