import { canBeAsked } from '../../core/diagnosis/advice';
import { blocksUs } from '../../core/model/lockView';
import type { FileStatus } from './fileStatus';

/** What can work on a file of the Source Control view now, for the conditions of its menus. */
export function changeFlags({ view, blockedSave, serverChange }: FileStatus): string[] {
  const isBlocked = blocksUs(view) || blockedSave?.failure.kind === 'locked';
  return [
    'change',
    ...(isBlocked ? ['blocked'] : []),
    ...(isBlocked && view.lock && canBeAsked(view.lock) ? ['askable'] : []),
    ...(serverChange === 'review' ? ['changed'] : []),
  ];
}
