// What a window says of a lock just after it has looked, against what the server has.
import type { LockView } from '../../../src/core/model/lockView';
import type { ModelLock } from '../core/modelServer';
import type { WireHabits } from './habits';

export interface Looker {
  readonly name: string;
  readonly window: string;
  /** Whether the window counts the lock as held. */
  readonly holds: boolean;
  /** Whether it knows that this server lists locks. */
  readonly knowsToList: boolean;
}

/** The lie in what is shown; undefined where there is none. */
export function falseClaim(
  { state, lock: shown }: LockView,
  there: ModelLock | undefined,
  looker: Looker,
  { tokens, owners }: WireHabits,
): string | undefined {
  if (state === 'free' && there) return `free, but ${there.who} has it`;
  const isOurs = there?.window === looker.window;
  if (isOurs && looker.holds && (state === 'other' || state === 'mineElsewhere'))
    return `${state}, but it is this window's own`;
  // Without a word about locks or their tokens, a lock that was taken away cannot be missed yet.
  const isListed = looker.knowsToList && tokens === 'all';
  if (state === 'mine' && !isOurs && isListed) return `mine, but ${there?.who ?? 'nobody'} has it`;
  if (state === 'mineElsewhere' && there && there.who !== looker.name)
    return `mine elsewhere, but ${there.who} has it`;
  if (state === 'other' && !there && looker.knowsToList) return 'somebody else has it, but nobody does';
  const named = shown?.holder.name;
  const isNameListed = owners === 'kept' || owners === 'escaped';
  if (named !== undefined && there && isListed && (!isNameListed || named !== there.who))
    return `${named} has it, but it is ${there.who}`;
  return undefined;
}
