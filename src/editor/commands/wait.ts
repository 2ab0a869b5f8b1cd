import { l10n } from 'vscode';
import { HumanError } from '../messages/humanError';
import { say, shown } from './lock';
import type { Command } from './commandContext';
import { targetOf } from './target';

/** Saves the newest text as soon as the lock is free. */
export const wait: Command = (context, argument) => {
  const resource = targetOf(context, argument);
  if (!context.documents.isOpen(resource)) {
    throw new HumanError(
      l10n.t('{0} is not open. Open it, then save it when its lock is free.', shown(resource)),
    );
  }
  if (!context.documents.isDirty(resource)) {
    throw new HumanError(
      l10n.t('{0} has no unsaved changes, so there is nothing to wait for.', shown(resource)),
    );
  }
  context.waits.arm(resource);
};

export const stopWaiting: Command = (context, argument) => {
  const resource = targetOf(context, argument);
  if (!context.waits.of(resource))
    throw new HumanError(l10n.t('Nothing waits to save {0}.', shown(resource)));
  context.waits.stop(resource);
  say(l10n.t('{0} is not waiting any more. Its text is still unsaved.', shown(resource)), resource);
};
