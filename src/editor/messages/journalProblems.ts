import { l10n } from 'vscode';
import type { JournalProblem } from '../../core/saving/journal';
import { nameOf, type ResourceId } from '../../core/model/resource';
import type { Log } from '../log';
import { plain } from '../words/plainText';
import { showLogStep, showRefusal } from './nextStep';

/** Warns once per file that its unsaved text could not be kept on disk, because only the editor has it now. */
export function journalProblemReporter(log: Log): (problem: JournalProblem) => void {
  const warned = new Set<ResourceId>();
  return ({ resource, why, error }) => {
    log.failure(`The unsaved text of ${resource} is not kept on the disk (${why})`, error ?? why);
    if (warned.has(resource)) return;
    warned.add(resource);
    const next =
      why === 'full' ? { label: l10n.t('Recover…'), command: 'lockStatus.recover' } : showLogStep();
    void showRefusal(sentence(plain(nameOf(resource), 80), why), next);
  };
}

function sentence(name: string, why: JournalProblem['why']): string {
  switch (why) {
    case 'tooLarge':
      return l10n.t('{0} is too large to keep a local copy. Its unsaved text is only in the editor.', name);
    case 'full':
      return l10n.t(
        'There is no room to keep a local copy of {0}. Its unsaved text is only in the editor. Delete old texts with "Locks: Recover Unsaved Text…".',
        name,
      );
    case 'unwritable':
      return l10n.t(
        'Can’t write a local copy of {0}. Its unsaved text is only in the editor. The log has the details.',
        name,
      );
  }
}
