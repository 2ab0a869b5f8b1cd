import { commands, l10n, window, workspace } from 'vscode';
import { nameOf, type ResourceId } from '../../core/model/resource';
import { HumanError } from '../messages/humanError';
import { choose, confirm } from '../messages/prompts';
import { showStatusMessage } from '../messages/statusMessage';
import { isRemote, toUri } from '../uris';
import { hostOf } from '../words/failureWords';
import { plain } from '../words/plainText';
import type { AwaitedFile } from './awaitedFile';
import { openFolders } from './openFolders';
import type { RecentFolders } from './recentFolders';

/** A folder, or a file in it. Without a folder the file is opened alone. */
export interface Place {
  readonly folder?: ResourceId;
  readonly file?: ResourceId;
}

type Way = 'here' | 'newWindow' | 'add';

/** Opens what was found at an address, where the person wants it. */
export class PlaceOpener {
  constructor(
    readonly recent: RecentFolders,
    private readonly awaited: AwaitedFile,
  ) {}

  async open({ folder, file }: Place): Promise<void> {
    if (!folder || openFolders().includes(folder)) return showOpened(folder, file);
    const ways = waysToOpen();
    const way = ways.length > 1 ? await chooseWay(folder, ways) : ways[0];
    if (!way || (closesThisWindow(way) && !(await saveFirst(folder)))) return;
    await this.recent.note(folder);
    if (file) await this.awaited.set(folder, file);
    const uri = toUri(folder);
    if (way === 'add')
      workspace.updateWorkspaceFolders(foldersNow().length, 0, { uri, name: titleOf(folder) });
    else
      await commands.executeCommand(
        'vscode.openFolder',
        uri,
        way === 'here' ? { forceReuseWindow: true } : { forceNewWindow: true },
      );
  }
}

/** The folder as its place in the explorer names it. */
function titleOf(folder: ResourceId): string {
  const [name, host] = [plain(nameOf(folder), 80), hostOf(folder)];
  return name === host ? host : `${name} — ${host}`;
}

async function showOpened(folder: ResourceId | undefined, file: ResourceId | undefined): Promise<void> {
  if (file) await commands.executeCommand('vscode.open', toUri(file));
  else if (folder) {
    await commands.executeCommand('revealInExplorer', toUri(folder));
    showStatusMessage(l10n.t('{0} is already open in this window.', titleOf(folder)));
  }
}

/**
 * The first is the default. Beside local folders and beside unsaved text that is a new window: an added folder shares
 * the trust that was given to local ones, and a window that changes its folder is loaded anew.
 */
function waysToOpen(): readonly [Way, ...Way[]] {
  const folders = foldersNow();
  if (folders.length === 0) return unsavedNames().length === 0 ? ['here'] : ['newWindow', 'here'];
  return folders.every(({ uri }) => isRemote(uri)) && unsavedNames().length === 0
    ? ['here', 'newWindow', 'add']
    : ['newWindow', 'here', 'add'];
}

/** VS Code loads the window anew where its folder changes, and where one folder becomes a workspace of several. */
function closesThisWindow(way: Way): boolean {
  return way === 'here' || (way === 'add' && workspace.workspaceFile === undefined);
}

async function chooseWay(folder: ResourceId, ways: readonly Way[]): Promise<Way | undefined> {
  const save = unsavedNames().length > 0 ? ` · ${l10n.t('saves your changes first')}` : '';
  const items = ways.map((way) => {
    const suffix = closesThisWindow(way) ? save : '';
    return { label: labelOf(way), description: `${descriptionOf(way)}${suffix}`, way };
  });
  return (await choose(l10n.t('Open {0}', titleOf(folder)), items))?.way;
}

function labelOf(way: Way): string {
  switch (way) {
    case 'here':
      return l10n.t('Open');
    case 'newWindow':
      return l10n.t('Open in New Window');
    case 'add':
      return l10n.t('Add to Workspace');
  }
}

function descriptionOf(way: Way): string {
  switch (way) {
    case 'here':
      return foldersNow().length > 0
        ? l10n.t('Replaces what is open in this window')
        : l10n.t('In this window');
    case 'newWindow':
      return l10n.t('This window stays as it is');
    case 'add':
      return workspace.workspaceFile
        ? l10n.t('Next to the folders that are open here')
        : l10n.t('Creates a new, unsaved workspace');
  }
}

/** Whether nothing is unsaved any more; the person is asked first. Throws a HumanError where something could not be saved. */
async function saveFirst(folder: ResourceId): Promise<boolean> {
  const before = unsavedNames();
  if (before.length === 0) return true;
  const title = titleOf(folder);
  const confirmed = await confirm(
    l10n.t('Save your changes to {0} first?', listOf(before)),
    l10n.t('Opening {0} reloads this window. To keep it as it is, open a new window instead.', title),
    l10n.t('Save and Open'),
  );
  if (!confirmed) return false;
  await workspace.saveAll(true);
  const left = unsavedNames();
  if (left.length === 0) return true;
  throw new HumanError(
    l10n.t(
      '{0} wasn’t opened because these changes aren’t saved: {1}. Save them, or open a new window instead.',
      title,
      listOf(left),
    ),
  );
}

/** Of editors of any kind. */
function unsavedNames(): string[] {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return [...new Set(tabs.filter(({ isDirty }) => isDirty).map(({ label }) => plain(label, 60)))];
}

function listOf(names: readonly string[]): string {
  const more = names.length > 3 ? ` (+${names.length - 3})` : '';
  return names.slice(0, 3).join(', ') + more;
}

function foldersNow() {
  return workspace.workspaceFolders ?? [];
}
