import { commands, l10n, ThemeIcon, type QuickPickItem, type Uri } from 'vscode';
import { percentDecoded } from '../../../base/untrusted';
import { isFailure } from '../../../core/model/failure';
import type { KeptContent, KeptText } from '../../../core/saving/journalStore';
import { parentOf, pathOf } from '../../../core/model/resource';
import { hostOf } from '../../words/failureWords';
import { HumanError } from '../../messages/humanError';
import { restoreText, saveCopy } from '../../files/restoreKeptText';
import { plain } from '../../words/plainText';
import { choose, chooseRow, confirm, type Row } from '../../messages/prompts';
import { toUri } from '../../uris';
import { clockText } from '../../words/time';
import { keptWhy, sizeText } from '../../words/kept';
import { leftLocks } from '../locks/leftLocks';
import { showStatusMessage } from '../../messages/statusMessage';
import { displayNameOf } from '../../words/plainText';
import type { Command, Needs } from '../commandContext';
import { findTarget } from '../target';

interface Action extends QuickPickItem {
  readonly run: () => Promise<unknown>;
}

type TextNeeds = 'clock' | 'copies' | 'documents' | 'journal' | 'keptCopies' | 'log';

/**
 * Lists the unsaved texts of all workspaces, including those of servers that no longer exist, then the locks that
 * an earlier session left.
 */
export const recover: Command<'blockedSaves' | 'leaseRecovery' | 'leases' | TextNeeds> = async (
  context,
  argument,
) => {
  const only = argument === undefined ? undefined : findTarget(context, argument);
  const texts = (await context.journal.all()).filter(({ resource }) => !only || resource === only);
  const locks = only ? [] : leftLocks(context);
  if (texts.length + locks.length === 0)
    return showStatusMessage(l10n.t('There is no unsaved text to recover.'));
  const title = l10n.t('Recover Unsaved Text');
  const rows = [...texts.map((text) => rowOf(context, text)), ...locks];
  await (
    await chooseRow(title, l10n.t('Search by name or folder'), rows)
  )?.();
};

function rowOf(context: Needs<TextNeeds>, text: KeptText): Row {
  const folder = parentOf(text.resource);
  const path = folder ? pathOf(folder) : '';
  const where = `${hostOf(text.resource)}${percentDecoded(path) ?? path}`;
  const facts = [clockText(text.since, context.clock.now()), sizeText(text.size), keptWhy(text)];
  return {
    label: `$(file) ${displayNameOf(text.resource)}`,
    description: plain(where, 120),
    detail: facts.join(' · '),
    run: () => offer(context, text),
    buttons: [
      {
        iconPath: new ThemeIcon('diff'),
        tooltip: l10n.t('Compare with Server'),
        run: async () => showDifference(context, text, await contentOf(context, text)),
      },
      ...(context.documents.isOpen(text.resource)
        ? [
            {
              iconPath: new ThemeIcon('diff-single'),
              tooltip: l10n.t('Compare with Editor'),
              run: async () => compareWithEditor(context, text, await contentOf(context, text)),
            },
          ]
        : []),
      {
        iconPath: new ThemeIcon('trash'),
        tooltip: l10n.t('Delete…'),
        run: () => removeKept(context, text),
      },
    ],
  };
}

async function contentOf(context: Needs<'journal'>, text: KeptText): Promise<KeptContent> {
  const content = await context.journal.read(text);
  if (!content) {
    throw new HumanError(
      l10n.t('The unsaved text of {0} was saved or deleted in the meantime.', displayNameOf(text.resource)),
    );
  }
  return content;
}

async function offer(context: Needs<TextNeeds>, text: KeptText): Promise<void> {
  const content = await contentOf(context, text);
  const actions: Action[] = [
    {
      label: `$(edit) ${l10n.t('Restore in Editor')}`,
      detail: l10n.t('Nothing is written to the server until you save.'),
      run: () => restoreText(context, text, content),
    },
    {
      label: `$(diff) ${l10n.t('Compare with Server')}`,
      run: () => showDifference(context, text, content),
    },
    ...(context.documents.isOpen(text.resource)
      ? [
          {
            label: `$(diff-single) ${l10n.t('Compare with Editor')}`,
            run: () => compareWithEditor(context, text, content),
          },
        ]
      : []),
    {
      label: `$(save-as) ${l10n.t('Save a Copy…')}`,
      run: () => saveCopy(text, content),
    },
    {
      label: `$(trash) ${l10n.t('Delete…')}`,
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
  if (server) return diff(server, kept, l10n.t('{0} (server ↔ unsaved text)', name));
  if (content.base) {
    const base = context.keptCopies.show(text, 'base', content.base);
    return diff(base, kept, l10n.t('{0} (before your changes ↔ unsaved text)', name));
  }
  showStatusMessage(l10n.t('The server doesn’t answer, so there is nothing to compare with.'));
  await commands.executeCommand('vscode.open', kept);
}

async function compareWithEditor(
  { keptCopies }: Needs<'keptCopies'>,
  text: KeptText,
  content: KeptContent,
): Promise<void> {
  const kept = keptCopies.show(text, 'text', content.bytes);
  const title = l10n.t('{0} (unsaved text ↔ editor)', displayNameOf(text.resource));
  await diff(kept, toUri(text.resource), title);
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
    l10n.t('Delete the unsaved text of {0}?', displayNameOf(text.resource)),
    l10n.t('It was never saved on the server. This can’t be undone.'),
    l10n.t('Delete'),
  );
  if (!confirmed) return;
  await context.journal.remove(text);
  showStatusMessage(l10n.t('Deleted the unsaved text of {0}.', displayNameOf(text.resource)));
}
