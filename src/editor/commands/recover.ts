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
import { say, shown } from './lock';
import type { Command, Room } from './room';
import { findTarget } from './target';

interface Choice extends QuickPickItem {
  readonly run: () => Promise<unknown>;
}

interface Action extends QuickPickItem {
  readonly run: () => Promise<unknown>;
}

/**
 * Lists every text that could not be saved, of all workspaces and also of servers that are gone, and under them the locks
 * that an earlier session left.
 */
export const recover: Command = async (room, argument) => {
  const only = argument === undefined ? undefined : findTarget(room, argument);
  const texts = (await room.journal.all()).filter(({ resource }) => !only || resource === only);
  const locks = only ? [] : leftLocks(room);
  if (texts.length + locks.length === 0) return say(l10n.t('No unsaved text is kept.'));
  const title = l10n.t('Texts That Could Not Be Saved');
  const picked = await choose(title, [...texts.map((text) => choiceOf(room, text)), ...locks]);
  await picked?.run();
};

function choiceOf(room: Room, text: KeptText): Choice {
  const folder = parentOf(text.resource);
  const where = `${hostOf(text.resource)}${folder ? decodedPath(pathOf(folder)) : ''}`;
  const facts = [clockText(text.since, room.clock.now()), sizeText(text.size), keptWhy(text)];
  return {
    label: `$(file) ${shown(text.resource)}`,
    description: plain(where, 120),
    detail: facts.join(' · '),
    run: () => offer(room, text),
  };
}

async function offer(room: Room, text: KeptText): Promise<void> {
  const content = await room.journal.read(text);
  if (!content) {
    throw new HumanError(
      l10n.t('The kept text of {0} is gone: it was saved or deleted meanwhile.', shown(text.resource)),
    );
  }
  const actions: Action[] = [
    {
      label: `$(edit) ${l10n.t('Restore into an editor')}`,
      detail: l10n.t('Nothing is written to the server until you save.'),
      run: () => restoreText(room, text, content),
    },
    {
      label: `$(diff) ${l10n.t('Show what is different from the server')}`,
      run: () => showDifference(room, text, content),
    },
    {
      label: `$(save-as) ${l10n.t('Save a copy on this computer…')}`,
      run: () => saveCopy(text, content),
    },
    {
      label: `$(trash) ${l10n.t('Delete the kept text…')}`,
      run: () => removeKept(room, text),
    },
  ];
  const title = `${shown(text.resource)}, ${clockText(text.since, room.clock.now())}`;
  await (await choose(title, actions))?.run();
}

/** Against the server's content; where there is none to be had, against what the text was made from. */
async function showDifference(room: Room, text: KeptText, content: KeptContent): Promise<void> {
  const kept = room.keptCopies.show(text, 'text', content.bytes);
  const name = shown(text.resource);
  const server = await serverCopy(room, text);
  if (server) return diff(server, kept, l10n.t('{0} (server ↔ kept text)', name));
  if (content.base) {
    const base = room.keptCopies.show(text, 'base', content.base);
    return diff(base, kept, l10n.t('{0} (before your changes ↔ kept text)', name));
  }
  say(l10n.t('The server does not answer, so there is nothing to compare with.'));
  await commands.executeCommand('vscode.open', kept);
}

async function serverCopy(room: Room, text: KeptText): Promise<Uri | undefined> {
  try {
    return await room.copies.fetch(text.resource);
  } catch (error) {
    if (!isFailure(error)) throw error;
    room.log.failure(`Comparing the kept text of ${text.resource}`, error);
    return undefined;
  }
}

async function diff(before: Uri, after: Uri, title: string): Promise<void> {
  await commands.executeCommand('vscode.diff', before, after, title);
}

async function removeKept(room: Room, text: KeptText): Promise<void> {
  const sure = await confirm(
    l10n.t('Delete the kept text of {0}?', shown(text.resource)),
    l10n.t('It was never saved on the server. This cannot be undone.'),
    l10n.t('Delete'),
  );
  if (!sure) return;
  await room.journal.remove(text);
  say(l10n.t('The kept text of {0} is deleted.', shown(text.resource)));
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
