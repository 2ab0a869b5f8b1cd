import { commands, l10n } from 'vscode';
import type { ResourceId } from '../../core/model/resource';
import type { Needs } from '../commands/commandContext';
import { toUri } from '../uris';
import { displayNameOf } from '../words/plainText';

/** Opens a diff of the server's content and the user's text. */
export async function openComparison(context: Needs<'copies'>, resource: ResourceId): Promise<void> {
  const copy = await context.copies.fetch(resource);
  const title = l10n.t('{0} (server ↔ yours)', displayNameOf(resource));
  await commands.executeCommand('vscode.diff', copy, toUri(resource), title);
}
