import { commands, l10n, window, workspace } from 'vscode';
import type { ResourceId } from '../../../core/model/resource';
import { toUri } from '../../uris';
import { showStatusMessage } from '../../messages/statusMessage';
import { displayNameOf } from '../../words/plainText';
import type { Needs } from '../commandContext';

/** Saves the user's text elsewhere; the document keeps it too. The copy stays open if the dialog is canceled. */
export async function saveCopy({ documents }: Needs<'documents'>, resource: ResourceId): Promise<void> {
  const document = documents.find(resource) ?? (await workspace.openTextDocument(toUri(resource)));
  const copy = await workspace.openTextDocument({
    content: document.getText(),
    language: document.languageId,
  });
  await window.showTextDocument(copy);
  await commands.executeCommand('workbench.action.files.saveAs');
}

/** Opens the file read-only until the window closes or this is undone, to prevent accidental typing. */
export async function openReadOnly(resource: ResourceId): Promise<void> {
  await window.showTextDocument(toUri(resource));
  await commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
  showStatusMessage(l10n.t('{0} is read-only until you reload this window.', displayNameOf(resource)));
}
