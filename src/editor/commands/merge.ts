import { commands, l10n, workspace } from 'vscode';
import type { ResourceId } from '../../core/model/resource';
import { openComparison } from '../files/comparison';
import { displayNameOf } from '../words/plainText';
import type { Needs } from './commandContext';

/** VS Code's merge editor command is not public API, so it is used only if it exists. */
const mergeEditor = '_open.mergeEditor';

/** Opens base, server version and the user's text in the merge editor; otherwise opens a comparison. */
export async function openMerge(
  context: Needs<'baseVersions' | 'blockedSaves' | 'copies' | 'documents' | 'keptCopies' | 'merges'>,
  resource: ResourceId,
): Promise<void> {
  const base = baseOf(context, resource);
  const document = context.documents.find(resource);
  const isAvailable = (await commands.getCommands()).includes(mergeEditor);
  if (!base || !document || !isAvailable) return openComparison(context, resource);
  const server = await context.copies.fetch(resource);
  const theirs = context.copies.of(resource);
  if (!theirs) return;
  const mine = await workspace.encode(document.getText(), { uri: document.uri });
  const show = (part: 'base' | 'mine', bytes: Uint8Array) =>
    context.keptCopies.showBytes(resource, part, bytes);
  const description = displayNameOf(resource);
  await commands.executeCommand(mergeEditor, {
    base: show('base', base),
    input1: { uri: server, title: l10n.t('On the server'), description },
    input2: { uri: show('mine', mine), title: l10n.t('Yours'), description },
    output: await context.merges.begin(resource, mine, theirs),
  });
}

/** Whether the content of the base version is known. */
export function canMerge(context: Needs<'baseVersions' | 'blockedSaves'>, resource: ResourceId): boolean {
  return baseOf(context, resource) !== undefined;
}

function baseOf(
  context: Needs<'baseVersions' | 'blockedSaves'>,
  resource: ResourceId,
): Uint8Array | undefined {
  return context.blockedSaves.of(resource)?.base?.bytes ?? context.baseVersions.of(resource)?.bytes;
}
