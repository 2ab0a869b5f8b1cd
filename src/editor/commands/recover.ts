import { commands, l10n, type QuickPickItem, type Uri } from 'vscode';
import { isFailure } from '../../core/model/failure';
import type { KeptContent, KeptText } from '../../core/saving/keptText';
import { parentOf, pathOf } from '../../core/model/resource';
import { hostOf } from '../words/failureWords';
import { HumanError } from '../messages/humanError';
import { restoreText, saveCopy } from '../files/restore';
import { plain } from '../words/plainText';
import { choose, confirm } from '../messages/prompts';
import { clockText } from '../words/time';
import { keptWhy, sizeText } from '../words/kept';
import { leftLocks } from './leftLocks';
import { showStatusMessage } from '../messages/statusMessage';
import { displayNameOf } from '../words/plainText';
import type { Command, Needs } from './commandContext';
import { findTarget } from './target';

interface Choice extends QuickPickItem {
  readonly run: () => Promise<unknown>;
}

interface Action extends QuickPickItem {
  readonly run: () => Promise<unknown>;
}

/**
 * Lists the unsaved texts of all workspaces, including those of servers that no longer exist, then the locks that
 * an earlier session left.
 */
export const recover: Command<
  'blockedSaves' | 'clock' | 'copies' | 'journal' | 'keptCopies' | 'leaseRecovery' | 'leases' | 'log'
> = async (context, argument) => {
  const only = argument === undefined ? undefined : findTarget(context, argument);
  const texts = (await context.journal.all()).filter(({ resource }) => !only || resource === only);
  const locks = only ? [] : leftLocks(context);
  if (texts.length + locks.length === 0) return showStatusMessage(l10n.t('No unsaved text is kept.'));
  const title = l10n.t('Texts That Could Not Be Saved');
  const picked = await choose(title, [...texts.map((text) => choiceOf(context, text)), ...locks]);
  await picked?.run();
};

function choiceOf(
  context: Needs<'clock' | 'copies' | 'journal' | 'keptCopies' | 'log'>,
  text: KeptText,
): Choice {
  const folder = parentOf(text.resource);
  const where = `${hostOf(text.resource)}${folder ? decodedPath(pathOf(folder)) : ''}`;
  const facts = [clockText(text.since, context.clock.now()), sizeText(text.size), keptWhy(text)];
  return {
    label: `$(file) ${displayNameOf(text.resource)}`,
    description: plain(where, 120),
    detail: facts.join(' · '),
    run: () => offer(context, text),
  };
}

async function offer(
  context: Needs<'clock' | 'copies' | 'journal' | 'keptCopies' | 'log'>,
  text: KeptText,
): Promise<void> {
  const content = await context.journal.read(text);
  if (!content) {
    throw new HumanError(
      l10n.t('The kept text of {0} was saved or deleted meanwhile.', displayNameOf(text.resource)),
    );
  }
  const actions: Action[] = [
    {
      label: `$(edit) ${l10n.t('Restore into an editor')}`,
      detail: l10n.t('Nothing is written to the server until you save.'),
      run: () => restoreText(context, text, content),
    },
    {
      label: `$(diff) ${l10n.t('Show what is different from the server')}`,
      run: () => showDifference(context, text, content),
    },
    {
      label: `$(save-as) ${l10n.t('Save a copy on this computer…')}`,
      run: () => saveCopy(text, content),
    },
    {
      label: `$(trash) ${l10n.t('Delete the kept text…')}`,
      run: () => removeKept(context, text),
    },
  ];
  const title = `${displayNameOf(text.resource)}, ${clockText(text.since, context.clock.now())}`;
  await (await choose(title, actions))?.run();
}

/** Compares with the server's content or, if that cannot be read, with the base version. */
async function showDifference(
  context: Needs<'copies' | 'keptCopies' | 'log'>,
  text: KeptText,
  content: KeptContent,
): Promise<void> {
  const kept = context.keptCopies.show(text, 'text', content.bytes);
  const name = displayNameOf(text.resource);
  const server = await serverCopy(context, text);
  if (server) return diff(server, kept, l10n.t('{0} (server ↔ kept text)', name));
  if (content.base) {
    const base = context.keptCopies.show(text, 'base', content.base);
    return diff(base, kept, l10n.t('{0} (before your changes ↔ kept text)', name));
  }
  showStatusMessage(l10n.t('The server does not answer, so there is nothing to compare with.'));
  await commands.executeCommand('vscode.open', kept);
}

async function serverCopy(context: Needs<'copies' | 'log'>, text: KeptText): Promise<Uri | undefined> {
  try {
    return await context.copies.fetch(text.resource);
  } catch (error) {
    if (!isFailure(error)) throw error;
    context.log.failure(`Comparing the kept text of ${text.resource}`, error);
    return undefined;
  }
}

async function diff(before: Uri, after: Uri, title: string): Promise<void> {
  await commands.executeCommand('vscode.diff', before, after, title);
}

async function removeKept(context: Needs<'journal'>, text: KeptText): Promise<void> {
  const confirmed = await confirm(
    l10n.t('Delete the kept text of {0}?', displayNameOf(text.resource)),
    l10n.t('It was never saved on the server. This cannot be undone.'),
    l10n.t('Delete'),
  );
  if (!confirmed) return;
  await context.journal.remove(text);
  showStatusMessage(l10n.t('The kept text of {0} is deleted.', displayNameOf(text.resource)));
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
