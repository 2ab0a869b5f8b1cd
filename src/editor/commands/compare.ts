import { commands, l10n } from 'vscode';
import type { ResourceId } from '../../core/model/resource';
import { HumanError } from '../messages/humanError';
import { confirm } from '../messages/prompts';
import { toUri } from '../uris';
import { shown } from './lock';
import type { Command, CommandContext } from './commandContext';
import { targetOf } from './target';

/** The server's content beside the person's text. */
export const compare: Command = (context, argument) => openComparison(context, targetOf(context, argument));

export async function openComparison(context: CommandContext, resource: ResourceId): Promise<void> {
  const copy = await context.copies.fetch(resource);
  const title = l10n.t('{0} (server ↔ yours)', shown(resource));
  await commands.executeCommand('vscode.diff', copy, toUri(resource), title);
}

/** Replaces the version that the person was shown in a comparison, and no other. */
export async function overwrite(context: CommandContext, resource: ResourceId): Promise<void> {
  const seen = context.copies.of(resource);
  if (!seen)
    throw new HumanError(
      l10n.t('Compare {0} with the server first, so that you know what you replace.', shown(resource)),
    );
  const sure = await confirm(
    l10n.t('Replace the server’s version of {0} with yours?', shown(resource)),
    l10n.t('Exactly the version that you compared is replaced. If it has changed since, nothing is written.'),
    l10n.t('Replace'),
  );
  if (!sure) return;
  context.baseVersions.saw(resource, { version: seen.version, bytes: seen.bytes, certain: true });
  await context.documents.save(resource);
}
