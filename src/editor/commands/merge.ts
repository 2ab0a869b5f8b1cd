import { commands, l10n, workspace } from 'vscode';
import type { ResourceId } from '../../core/model/resource';
import { openComparison } from './compare';
import { shown } from './lock';
import type { Room } from './room';

/** The editor's own, which it does not promise to anybody: used where it is there. */
const mergeEditor = '_open.mergeEditor';

/** Opens the server's version, the person's text and what both began with in the merge editor; else just compares. */
export async function openMerge(room: Room, resource: ResourceId): Promise<void> {
  const base = baseOf(room, resource);
  const document = room.documents.find(resource);
  const isThere = (await commands.getCommands()).includes(mergeEditor);
  if (!base || !document || !isThere) return openComparison(room, resource);
  const server = await room.copies.fetch(resource);
  const theirs = room.copies.of(resource);
  if (!theirs) return;
  const mine = await workspace.encode(document.getText(), { uri: document.uri });
  const show = (part: 'base' | 'mine', bytes: Uint8Array) => room.keptCopies.showBytes(resource, part, bytes);
  const description = shown(resource);
  await commands.executeCommand(mergeEditor, {
    base: show('base', base),
    input1: { uri: server, title: l10n.t('On the server'), description },
    input2: { uri: show('mine', mine), title: l10n.t('Yours'), description },
    output: await room.merges.begin(resource, mine, theirs),
  });
}

/** Whether there is what both texts began with. */
export function canMerge(room: Room, resource: ResourceId): boolean {
  return baseOf(room, resource) !== undefined;
}

function baseOf(room: Room, resource: ResourceId): Uint8Array | undefined {
  return room.blocked.of(resource)?.base?.bytes ?? room.seen.of(resource)?.bytes;
}
