import { canBeAsked, isBreakable } from '../../core/diagnosis/advice';
import { blocksUs, rootAbove } from '../../core/model/lockView';
import type { FileStatus } from './fileStatus';

export const offerNames = ['release', 'blocking', 'lock', 'wait', 'ask', 'break'] as const;

export type OfferName = (typeof offerNames)[number];

/** What menus may offer on a file, because it can work; `blocking`: somebody's lock keeps us from saving. */
export function offersOn({
  resource,
  view,
  wait,
  blockedSave,
  edited,
}: FileStatus): Readonly<Record<OfferName, boolean>> {
  const { lock, locks, state } = view;
  const blocking = blocksUs(view);
  return {
    // A folder's lock is released on the folder itself.
    release: state === 'mine' && lock !== undefined && !rootAbove(lock, resource),
    blocking,
    lock: !blocking && state !== 'mine' && view.why !== 'noLocks' && view.why !== 'notEnforced',
    wait: edited && wait === undefined && (blocking || blockedSave?.failure.kind === 'locked'),
    ask: blocking && lock !== undefined && canBeAsked(lock),
    break: blocking && locks.every(isBreakable),
  };
}
