import { l10n } from 'vscode';
import type { ResourceId } from '../../core/model/resource';
import { HumanError } from '../messages/humanError';
import { openComparison } from '../files/comparison';
import { confirm } from '../messages/prompts';
import { displayNameOf } from '../words/plainText';
import type { Command, Needs } from './commandContext';
import { targetOf } from './target';

/** Opens a diff of the server's content and the user's text. */
export const compare: Command<'blockedSaves' | 'copies'> = (context, argument) =>
  openComparison(context, targetOf(context, argument));

/** Overwrites exactly the version that the user saw in a comparison, and no other. */
export async function overwrite(
  context: Needs<'baseVersions' | 'copies' | 'documents'>,
  resource: ResourceId,
): Promise<void> {
  const compared = context.copies.of(resource);
  if (!compared)
    throw new HumanError(
      l10n.t(
        'Compare {0} with the server first, so that you know what you replace.',
        displayNameOf(resource),
      ),
    );
  const confirmed = await confirm(
    l10n.t('Replace the server’s version of {0} with yours?', displayNameOf(resource)),
    l10n.t('Exactly the version that you compared is replaced. If it has changed since, nothing is written.'),
    l10n.t('Replace'),
  );
  if (!confirmed) return;
  context.baseVersions.setShown(resource, {
    version: compared.version,
    bytes: compared.bytes,
    certain: true,
  });
  await context.documents.save(resource);
}
