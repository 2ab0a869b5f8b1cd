import { l10n } from 'vscode';
import { HumanError } from '../messages/humanError';
import { say, shown } from './lock';
import type { Command } from './room';
import { targetOf } from './target';

/** Saves the newest text as soon as the lock is free. */
export const wait: Command = (room, argument) => {
  const resource = targetOf(room, argument);
  if (!room.documents.isOpen(resource)) {
    throw new HumanError(
      l10n.t('{0} is not open. Open it, then save it when its lock is free.', shown(resource)),
    );
  }
  if (!room.documents.isDirty(resource)) {
    throw new HumanError(
      l10n.t('{0} has no unsaved changes, so there is nothing to wait for.', shown(resource)),
    );
  }
  room.waits.arm(resource);
};

export const stopWaiting: Command = (room, argument) => {
  const resource = targetOf(room, argument);
  if (!room.waits.of(resource)) throw new HumanError(l10n.t('Nothing waits to save {0}.', shown(resource)));
  room.waits.stop(resource);
  say(l10n.t('{0} is not waiting any more. Its text is still unsaved.', shown(resource)), resource);
};
