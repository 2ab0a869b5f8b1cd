import { commands, l10n, window, workspace } from 'vscode';
import type { ResourceId } from '../../core/model/resource';
import { HumanError } from '../messages/humanError';
import { toUri } from '../uris';
import { showStatusMessage } from '../messages/statusMessage';
import { displayNameOf } from '../words/plainText';
import type { Needs } from './commandContext';

/** Opens the user's text as a new untitled document. */
export async function keepCopy({ documents }: Needs<'documents'>, resource: ResourceId): Promise<void> {
  const document = documents.find(resource);
  if (!document) {
    throw new HumanError(
      l10n.t('{0} is not open. Look for its text in "Recover Unsaved Text…".', displayNameOf(resource)),
    );
  }
  const copy = await workspace.openTextDocument({
    content: document.getText(),
    language: document.languageId,
  });
  await window.showTextDocument(copy);
}

/** Opens the file read-only until the window closes or this is undone, to prevent accidental typing. */
export async function openReadOnly(resource: ResourceId): Promise<void> {
  await window.showTextDocument(toUri(resource));
  await commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
  showStatusMessage(l10n.t('{0} is read-only in this window until you reload it.', displayNameOf(resource)));
}
