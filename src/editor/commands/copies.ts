import { commands, l10n, window, workspace } from 'vscode';
import type { ResourceId } from '../../core/model/resource';
import { HumanError } from '../messages/humanError';
import { toUri } from '../uris';
import { say, shown } from './lock';
import type { CommandContext } from './commandContext';

/** The person's text as a new document of its own, to be saved wherever they like. */
export async function keepCopy({ documents }: CommandContext, resource: ResourceId): Promise<void> {
  const document = documents.find(resource);
  if (!document) {
    throw new HumanError(
      l10n.t('{0} is not open. Look for its text in "Recover Blocked Saves…".', shown(resource)),
    );
  }
  const copy = await workspace.openTextDocument({
    content: document.getText(),
    language: document.languageId,
  });
  await window.showTextDocument(copy);
}

/** Shows the file so that nobody types into it by mistake; until the window is closed or this is undone. */
export async function openReadOnly(resource: ResourceId): Promise<void> {
  await window.showTextDocument(toUri(resource));
  await commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
  say(l10n.t('{0} is read-only in this window until you reload it.', shown(resource)));
}
