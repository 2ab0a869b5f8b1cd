import {
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type Command,
  type Uri,
} from 'vscode';
import type { LockListEntry } from '../../core/waiting/lockList';
import type { FileStatus } from './fileStatus';
import type { Section } from '../words/section';
import { offersOn } from './offers';

/** What needs a decision looks different; the rest looks like the file. */
export function iconOf({ view, serverChange }: FileStatus, folder: boolean): ThemeIcon {
  if (view.state === 'lost' || (serverChange !== undefined && serverChange !== 'save'))
    return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  return folder ? ThemeIcon.Folder : ThemeIcon.File;
}

export function commandOf(resourceUri: Uri, { serverChange }: FileStatus, folder: boolean): Command {
  const about = { arguments: [resourceUri] };
  if (folder) return { command: 'revealInExplorer', title: l10n.t('Reveal in Explorer'), ...about };
  return serverChange === 'review'
    ? { command: 'lockStatus.compare', title: l10n.t('Compare'), ...about }
    : { command: 'vscode.open', title: l10n.t('Open'), ...about };
}

/** The flags of a row for menu conditions. */
export function flagsOf(
  { group, view }: LockListEntry,
  status: FileStatus,
  kind: 'file' | 'folder',
): string[] {
  const offers = offersOn(status);
  const self = view.lock?.holder.self;
  return [
    'row',
    kind,
    view.state,
    ...(group === 'blocking' || (group === 'waiting' && status.serverChange === undefined) ? [group] : []),
    ...(status.serverChange === 'review' ? ['changed'] : []),
    ...(group === 'others' && (self === 'other' || self === 'unknown') ? ['others'] : []),
    ...(offers.ask ? ['askable'] : []),
    ...(offers.break ? ['breakable'] : []),
    ...(offers.wait ? ['unsaved'] : []),
    ...(view.state === 'lost' && offers.lock ? ['takeable'] : []),
  ];
}

export function groupItem({ title, fullTitle }: Section, count: number): TreeItem {
  const item = new TreeItem(title, TreeItemCollapsibleState.Expanded);
  item.id = fullTitle;
  // A narrow side bar has no room for a word, which the hover says.
  item.description = title === fullTitle ? `${count}` : '(?)';
  item.tooltip = fullTitle;
  item.accessibilityInformation = { label: `${fullTitle}, ${count}` };
  item.contextValue = 'group';
  return item;
}
