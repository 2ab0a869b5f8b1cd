import { commands, l10n, window } from 'vscode';
import { openComparison } from '../../files/comparison';
import { HumanError } from '../../messages/humanError';
import { stepOn } from '../../messages/nextStep';
import { confirm } from '../../messages/prompts';
import { toUri } from '../../uris';
import { displayNameOf } from '../../words/plainText';
import type { Command } from '../commandContext';
import { targetOf } from '../target';

/** Opens a diff of the server's content and the user's text. */
export const compare: Command<'blockedSaves' | 'copies'> = (context, argument) =>
  openComparison(context, targetOf(context, argument));

/** Overwrites exactly the version that the user saw in a comparison, and no other. */
export const overwrite: Command<'baseVersions' | 'blockedSaves' | 'copies' | 'documents'> = async (
  context,
  argument,
) => {
  const resource = targetOf(context, argument);
  const name = displayNameOf(resource);
  if (!context.documents.isDirty(resource))
    throw new HumanError(l10n.t('{0} has no unsaved changes, so there is nothing to overwrite.', name));
  const compared = context.copies.of(resource);
  if (!compared)
    throw new HumanError(
      l10n.t('Compare {0} with the server first, so that you know what you overwrite.', name),
      { next: stepOn(resource, 'compare') },
    );
  const confirmed = await confirm(
    l10n.t('Overwrite the server’s version of {0} with yours?', name),
    l10n.t('Only the version that you compared is overwritten. If it has changed since, nothing is written.'),
    l10n.t('Overwrite'),
  );
  if (!confirmed) return;
  context.baseVersions.allowOverwrite(resource, compared);
  await context.documents.save(resource);
};

/** Takes the server's version; the discarded text stays in the kept texts for some days if its save was refused. */
export const discardMine: Command<'blockedSaves'> = async (context, argument) => {
  const resource = targetOf(context, argument);
  const isKept = context.blockedSaves.of(resource) !== undefined;
  const confirmed = await confirm(
    l10n.t('Discard your changes to {0}?', displayNameOf(resource)),
    isKept
      ? l10n.t(
          'The file is loaded from the server. "Locks: Recover Unsaved Text…" keeps your text for 14 days.',
        )
      : l10n.t('The file is loaded from the server. Your changes are lost.'),
    l10n.t('Discard Mine'),
  );
  if (!confirmed) return;
  await window.showTextDocument(toUri(resource), { preview: false });
  await commands.executeCommand('workbench.action.files.revert');
};
