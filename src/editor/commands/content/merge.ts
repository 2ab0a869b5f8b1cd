import { commands, l10n } from 'vscode';
import type { ResourceId } from '../../../core/model/resource';
import { isContentOf, madeFromOf } from '../../../core/saving/baseVersions';
import { openComparison } from '../../files/comparison';
import { showInformation, showWarning } from '../../messages/prompts';
import { displayNameOf } from '../../words/plainText';
import type { Command, Needs } from '../commandContext';
import { targetOf } from '../target';

type MergeNeeds = 'baseVersions' | 'blockedSaves' | 'copies' | 'documents' | 'merges' | 'waits';

/** Brings the server's changes into the document, unsaved; saving then replaces exactly the version that was merged. */
export const merge: Command<MergeNeeds> = (context, argument) =>
  mergeInto(context, targetOf(context, argument));

async function mergeInto(context: Needs<MergeNeeds>, resource: ResourceId): Promise<void> {
  const { baseVersions, blockedSaves, merges, waits } = context;
  // The refused text may be older than a merge that is in the document.
  const base =
    merges.baseOf(resource) ?? blockedSaves.of(resource)?.base ?? madeFromOf(baseVersions.of(resource));
  const theirs = await context.copies.read(resource);
  // Only the digest of a version outlives a restart.
  const isUnchanged = base && !base.bytes && isContentOf(base, theirs.bytes);
  const known = isUnchanged ? { ...base, bytes: theirs.bytes } : base;
  await merges.merge(resource, theirs, known);
  // The decision that the wait was for; saving the result is another.
  if (waits.of(resource)?.phase === 'conflict') waits.stop(resource);
  // What the message of the refused save says is answered.
  await commands.executeCommand('notifications.hideToasts');
  const changes = l10n.t('Show Changes');
  const conflicts = merges.conflictsIn(resource);
  if (conflicts > 0) {
    if ((await showWarning(conflictText(resource, conflicts), changes)) === changes)
      await openComparison(context, resource);
    return;
  }
  const save = l10n.t('Save');
  const merged = l10n.t('Merged the server’s changes into {0}.', displayNameOf(resource));
  const chosen = await showInformation(merged, save, changes);
  if (chosen === save) await context.documents.save(resource);
  if (chosen === changes) await openComparison(context, resource);
}

/** @param conflicts those of an earlier merge as well */
function conflictText(resource: ResourceId, conflicts: number): string {
  const name = displayNameOf(resource);
  return conflicts === 1
    ? l10n.t('Merged the server’s changes into {0}. One conflict is left: resolve it, then save.', name)
    : l10n.t(
        'Merged the server’s changes into {0}. {1} conflicts are left: resolve them, then save.',
        name,
        conflicts,
      );
}
