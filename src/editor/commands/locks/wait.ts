import { l10n } from 'vscode';
import { HumanError } from '../../messages/humanError';
import { stepOn } from '../../messages/nextStep';
import { showStatusMessage } from '../../messages/statusMessage';
import { displayNameOf } from '../../words/plainText';
import type { Command } from '../commandContext';
import { targetOf } from '../target';

/** Saves the latest text as soon as the file is no longer locked. */
export const wait: Command<'waitMessages' | 'blockedSaves' | 'documents' | 'waits'> = (context, argument) => {
  const resource = targetOf(context, argument);
  if (!context.documents.isOpen(resource)) {
    // A notebook or a custom editor, which extensions cannot save.
    if (context.documents.isDirty(resource))
      throw new HumanError(
        l10n.t(
          '{0} is open in an editor that can’t wait. Save it again when its lock is free.',
          displayNameOf(resource),
        ),
      );
    throw new HumanError(
      l10n.t('{0} isn’t open. Open it, then save it when its lock is free.', displayNameOf(resource)),
      { next: stepOn(resource, 'open') },
    );
  }
  if (!context.documents.isDirty(resource)) {
    throw new HumanError(
      l10n.t('{0} has no unsaved changes, so there is nothing to wait for.', displayNameOf(resource)),
    );
  }
  context.waits.arm(resource);
  void context.waitMessages.acknowledge(resource);
};

export const stopWaiting: Command<'blockedSaves' | 'waits'> = (context, argument) => {
  const resource = targetOf(context, argument);
  if (!context.waits.of(resource))
    throw new HumanError(l10n.t('{0} isn’t waiting to be saved.', displayNameOf(resource)));
  context.waits.stop(resource);
  showStatusMessage(
    l10n.t('Stopped waiting. {0} still has unsaved changes.', displayNameOf(resource)),
    resource,
  );
};
