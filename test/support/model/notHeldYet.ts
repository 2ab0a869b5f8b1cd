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
    where: { tokens: 'none' },
    why: 'a lock that is listed without its token is not known as our own, and is left on the server: a tokenless lock where we hold a lease is ours',
    seed: 1,
  },
  {
    where: { ifForms: 'dies of untagged' },
    why: 'the first save under a lock ends the server: If is tagged, untagged only as a second try',
    seed: 1,
  },
  {
    where: { ifForms: 'tagged' },
    why: 'a server that reads tagged If headers alone refuses every save under a lock where its refusals do not lead to the second form: If is tagged by default',
    seed: 1,
  },
  {
    where: { locksOutlive: true },
    why: 'a lock that outlives its deleted or moved file bars the name for its whole time: UNLOCK with the token also after DELETE and MOVE',
    seed: 3,
  },
  {
    where: { lockOfMissing: 'lock-null', checksLockCondition: false },
    why: 'a lock on a missing name is not undone where it makes nothing, and bars the name: always UNLOCK with the token',
    seed: 1,
  },
  {
    where: {},
    happening: ['rename', 'wait'],
    why: 'a rename while a wait saves takes the claim of the wait along, which nobody drops any more: the lock is kept and refreshed for ever',
    seed: 2,
  },
  {
    where: { errors: 'json 200' },
    why: "a gateway's error page is told as saved, moved or deleted where the file changed meanwhile: a 2xx with a body is followed by a look at what was written",
    seed: 200,
  },
  {
    where: { name: 'nephele', honorsIfMatch: false },
    why: 'a name in the Server header is taken for proof that conditions are checked: nothing that could lose a text may come from a name',
    seed: 9,
  },
  {
    where: { name: 'nephele', tags: 'second' },
    why: 'the same with tags of whole seconds: a tag whose Last-Modified is less than 2 s before its Date is weak',
    seed: 209,
  },
  {
    where: {},
    happening: ['look', 'break'],
    why: 'for a moment after somebody has broken our lock, a look that shows the lock of another is still told as free or as our own (also seed 206)',
    seed: 204,
  },
  {
    where: { name: 'nephele', tags: 'stays' },
    why: 'the same with tags that stay when the content changes',
    seed: 7,
  },
  {
    where: { errors: 'json 200 with a tag' },
    why: "a gateway's error page with a tag of its own is told as saved: a 2xx with a body is followed by a look",
    seed: 1,
  },
  {
    where: { cachesGet: true },
    why: "an old content from a cache proves that nobody wrote: GET says no-cache, and its tag must be the look's",
    seed: 1,
  },
  {
    where: { tags: 'flips' },
    why: 'where each look gives another tag, no If-Match is ever true, and nothing is ever saved: tags count only once they were seen to be true',
    seed: 1,
  },
];

/** Whether the code is to hold this now. */
export function isHeld(ways: Ways, history: readonly Step[]): boolean {
  return !notHeldYet.some(({ where, happening = [] }) => {
    const isServer = Object.entries(where).every(([key, value]) => ways[key as keyof Ways] === value);
    return isServer && happening.every((what) => history.some((step) => step.do === what));
  });
}
