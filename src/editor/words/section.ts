import { l10n } from 'vscode';
import { blocksUs, type LockView } from '../../core/model/lockView';
import type { BlockedSave } from '../../core/saving/blockedSaves';
import type { LockGroup } from '../../core/waiting/lockList';
import type { ServerChange } from '../../core/saving/serverChange';
import { failureTitle } from './failureLabel';
import { knownName, markedName } from './holder';
import { serverChangeTitle } from './serverChange';

/** A section of the Locks view: the files of one group, and of one holder where that person has a name. */
export interface Section {
  readonly group: LockGroup;
  /** `Locked by Ann Lee` */
  readonly title: string;
  /** The same with the mark of a name that only the lock's own text gives. */
  readonly fullTitle: string;
  /** Whether the rows need not say who holds the lock. */
  readonly saysWho: boolean;
  /** Whether the rows need no text at all. */
  readonly saysAll?: boolean;
}

/** What decides about the section of a row. */
export interface SectionInput {
  readonly group: LockGroup;
  readonly view: LockView;
  readonly serverChange?: ServerChange | undefined;
  readonly blockedSave?: Pick<BlockedSave, 'failure'> | undefined;
}

/** The holder is in the heading, where a narrow side bar has room for a name. */
export function sectionOf(row: SectionInput): Section {
  const { group, view } = row;
  const why = reasonOf(row);
  if (why !== undefined)
    return { group: 'blocking', title: why, fullTitle: why, saysWho: false, saysAll: true };
  const { lock, state } = view;
  const isTheirs = state === 'other' || state === 'shared';
  const name = lock && isTheirs ? knownName(lock.holder) : undefined;
  if (!lock || name === undefined || group === 'mine') {
    const title = groupName(group);
    return { group, title, fullTitle: title, saysWho: group === 'mine' && state === 'mine' };
  }
  const title = (who: string) => (state === 'shared' ? l10n.t('Shared: {0}', who) : byHolder(group, who));
  return { group, title: title(name), fullTitle: title(markedName(lock.holder) ?? name), saysWho: true };
}

/** Of what is not saved for another reason than a lock. */
function reasonOf({ group, view, serverChange, blockedSave }: SectionInput): string | undefined {
  if (serverChange !== undefined) return serverChangeTitle(serverChange);
  const isLock = blocksUs(view) || view.state === 'lost';
  return group === 'blocking' && blockedSave && !isLock ? failureTitle(blockedSave.failure.kind) : undefined;
}

function byHolder(group: Exclude<LockGroup, 'mine'>, who: string): string {
  switch (group) {
    case 'blocking':
      return l10n.t('Blocked by {0}', who);
    case 'waiting':
      return l10n.t('Waiting for {0}', who);
    case 'others':
      return l10n.t('Locked by {0}', who);
  }
}

function groupName(group: LockGroup): string {
  switch (group) {
    case 'mine':
      return l10n.t('Locked by Me');
    case 'blocking':
      return l10n.t('Blocking My Saves');
    case 'waiting':
      return l10n.t('Waiting');
    case 'others':
      return l10n.t('Locked by Others');
  }
}
