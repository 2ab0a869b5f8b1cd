import { commands, l10n, workspace } from 'vscode';
import type { ResourceId } from '../../core/model/resource';
import { openComparison } from './compare';
import { shown } from './lock';
import type { CommandContext } from './commandContext';

/** The editor's own, which it does not promise to anybody: used where it is there. */
const mergeEditor = '_open.mergeEditor';

/** Opens the server's version, the person's text and what both began with in the merge editor; else just compares. */
export async function openMerge(context: CommandContext, resource: ResourceId): Promise<void> {
  const base = baseOf(context, resource);
  const document = context.documents.find(resource);
  const isThere = (await commands.getCommands()).includes(mergeEditor);
  if (!base || !document || !isThere) return openComparison(context, resource);
  const server = await context.copies.fetch(resource);
  const theirs = context.copies.of(resource);
  if (!theirs) return;
  const mine = await workspace.encode(document.getText(), { uri: document.uri });
  const show = (part: 'base' | 'mine', bytes: Uint8Array) =>
    context.keptCopies.showBytes(resource, part, bytes);
  const description = shown(resource);
  await commands.executeCommand(mergeEditor, {
    base: show('base', base),
    input1: { uri: server, title: l10n.t('On the server'), description },
    input2: { uri: show('mine', mine), title: l10n.t('Yours'), description },
    output: await context.merges.begin(resource, mine, theirs),
  });
}

/** Whether there is what both texts began with. */
export function canMerge(context: CommandContext, resource: ResourceId): boolean {
  return baseOf(context, resource) !== undefined;
}

function baseOf(context: CommandContext, resource: ResourceId): Uint8Array | undefined {
  return context.blockedSaves.of(resource)?.base?.bytes ?? context.baseVersions.of(resource)?.bytes;
}
