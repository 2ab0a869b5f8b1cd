// What the code does not hold yet on servers of the model. Whoever makes a rule true takes its line out.
import type { Step } from '../core/happenings';
import type { Ways } from './servers';

export interface NotHeld {
  /** The servers of which it is true. */
  readonly where: Partial<Ways>;
  /** Where it takes more than the server: what must all happen. */
  readonly happening?: readonly Step['do'][];
  /** What goes wrong, and the rule that would make it right. */
  readonly why: string;
  /** A seed that shows it, together with `LOCK_STATUS_TEST_HELD=all`. */
  readonly seed: number;
}

export const notHeldYet: readonly NotHeld[] = [
  {
    where: { locksOutlive: true },
    why: 'a lock that never ends and outlives its deleted file bars the name where the answer to UNLOCK is lost',
    seed: 11,
  },
  {
    where: { lockOfMissing: 'lock-null' },
    why: 'the same with a lock that never ends on a name without a file',
    seed: 21,
  },
  {
    where: { lists: false, ifForms: 'untagged' },
    why: 'a wait ends in a question where an error page comes with 200, no lock is listed and only untagged If headers are read: the page may be the answer to a write that is done',
    seed: 12,
  },
];

/** Whether the code is to hold this now. */
export function isHeld(ways: Ways, history: readonly Step[]): boolean {
  return !notHeldYet.some(({ where, happening = [] }) => {
    const isServer = Object.entries(where).every(([key, value]) => ways[key as keyof Ways] === value);
    return isServer && happening.every((what) => history.some((step) => step.do === what));
  });
}
