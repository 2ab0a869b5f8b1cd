import {
  EndOfLine,
  l10n,
  Range,
  TextEdit,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
  type TextDocument,
} from 'vscode';
import type { KeptContent, KeptText } from '../../core/saving/journalStore';
import { nameOf } from '../../core/model/resource';
import { HumanError } from '../messages/humanError';
import { plain } from '../words/plainText';
import { confirm } from '../messages/prompts';
import { toUri } from '../uris';
import type { Needs } from '../commands/commandContext';

/**
 * Restores a kept text into its document as an unsaved change that can be undone, or into a new document if the
 * file cannot be opened. Writes nothing: the next save is checked against the text's base version.
 */
export async function restoreText(
  context: Needs<'journal' | 'log'>,
  text: KeptText,
  content: KeptContent,
): Promise<void> {
  const document = await openOwn(context, text);
  if (document) await intoDocument(context, document, { text, content });
  else await intoNew(context, text, content);
}

/** Writes exactly the bytes whose save was refused. */
export async function saveCopy(text: KeptText, { bytes }: KeptContent): Promise<void> {
  const name = nameOf(text.resource).replace(/[\\/:*?"<>|\p{Cc}]/gu, '_');
  const home = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri ?? Uri.file('/');
  const target = await window.showSaveDialog({ defaultUri: Uri.joinPath(home, name) });
  if (target) await workspace.fs.writeFile(target, bytes);
}

async function openOwn({ log }: Needs<'log'>, text: KeptText): Promise<TextDocument | undefined> {
  try {
    return await workspace.openTextDocument(toUri(text.resource));
  } catch (error) {
    // The server or file does not exist, or it is not text: the caller opens a new document.
    log.failure(`Opening ${text.resource} to restore its text`, error);
    return undefined;
  }
}

async function intoDocument(
  { journal }: Needs<'journal'>,
  document: TextDocument,
  { text, content }: { text: KeptText; content: KeptContent },
): Promise<void> {
  const kept = await decoded(text, content, document.uri);
  const before = document.getText();
  if (document.isDirty && sameText(before, kept)) {
    await window.showTextDocument(document);
    return;
  }
  if (document.isDirty && !(await mayReplace(text))) return;
  // Before the edit, so that any later save is checked against the text's own base version.
  await journal.restored(text, content, 'document');
  const whole = new Range(document.positionAt(0), document.positionAt(before.length));
  const edit = new WorkspaceEdit();
  const eol = kept.includes('\r\n') ? EndOfLine.CRLF : EndOfLine.LF;
  edit.set(document.uri, [TextEdit.replace(whole, kept), TextEdit.setEndOfLine(eol)]);
  if (!(await workspace.applyEdit(edit))) {
    throw new HumanError(
      l10n.t('Can’t restore the text in {0}. Save a copy of it instead.', plain(nameOf(text.resource), 80)),
    );
  }
  await window.showTextDocument(document, { preview: false });
}

function mayReplace(text: KeptText): Promise<boolean> {
  return confirm(
    l10n.t(
      '{0} has other unsaved changes. Replace them with the recovered text?',
      plain(nameOf(text.resource), 80),
    ),
    l10n.t('Undo brings them back.'),
    l10n.t('Replace'),
  );
}

async function intoNew({ journal }: Needs<'journal'>, text: KeptText, content: KeptContent): Promise<void> {
  const kept = await decoded(text, content);
  const document = await workspace.openTextDocument({ content: kept });
  await window.showTextDocument(document, { preview: false });
  await journal.restored(text, content, 'untitled');
}

async function decoded(text: KeptText, { bytes }: KeptContent, uri?: Uri): Promise<string> {
  try {
    return await (uri ? workspace.decode(bytes, { uri }) : workspace.decode(bytes));
  } catch (cause) {
    const name = plain(nameOf(text.resource), 80);
    throw new HumanError(l10n.t('{0} isn’t a text file. Save a copy of it on this computer instead.', name), {
      cause,
    });
  }
}

function sameText(one: string, other: string): boolean {
  return one.replaceAll('\r\n', '\n') === other.replaceAll('\r\n', '\n');
}
