import type { Lock, LockListing, LockState, Stamp } from '../model/lock';
import { isOurs } from '../model/lockView';
import type { WhyLockless } from './locklessFolders';

/** Whether a server is known to list locks. Only with `seen` does an empty list mean "unlocked". */
export type ListingSupport = 'seen' | 'unproven';

/** What a refusal proves that names nothing. */
const anonymousLock: Lock = {
  source: 'refusal',
  scope: 'exclusive',
  depth: 'self',
  holder: { contacts: [], assertedBy: 'nobody', self: 'unknown' },
  expiry: { kind: 'unknown' },
};

function isFromRefusal(locks: readonly Lock[]): boolean {
  return locks.some(({ source }) => source === 'refusal');
}

/** How long a refusal counts if no listing can confirm or refute it. */
const refusalLifetimeMs = 120_000;

/** What a listing proves of a resource. */
export function stateFromListing(
  { locks, reported }: LockListing,
  at: Stamp,
  known: {
    readonly before: LockState | undefined;
    readonly listingSupport: ListingSupport;
    readonly whyLockless: () => WhyLockless;
  },
): LockState {
  const { before, listingSupport } = known;
  if (locks.length > 0) return { kind: 'locked', locks, at };
  if (listingSupport === 'seen' && reported) return { kind: 'unlocked', proof: 'listed', at };
  if (before?.kind === 'locked') {
    // A server that lists no locks cannot refute ours.
    const ours = before.locks.filter(isOurs);
    if (ours.length > 0) return { kind: 'locked', locks: ours, at: before.at };
    // A server that lists no locks does not withdraw its own refusal.
    if (isFromRefusal(before.locks) && at.mono - before.at.mono < refusalLifetimeMs) return before;
  }
  const silent = reported || listingSupport === 'seen' ? 'unproven' : 'notListed';
  return { kind: 'unknown', why: known.whyLockless() || silent, at };
}

/** A refusal proves that a lock exists, even without naming its holder. Undefined if more is known already. */
export function stateFromRefusal(
  before: LockState,
  at: Stamp,
  lock: Lock = anonymousLock,
): LockState | undefined {
  // A listed lock beats one from a refusal, which beats an anonymous one.
  const isKnown = before.kind === 'locked' && !(isFromRefusal(before.locks) && lock !== anonymousLock);
  if (isKnown) return undefined;
  const unlistedAt =
    before.kind === 'unlocked' && before.proof === 'listed'
      ? before.at
      : before.kind === 'locked'
        ? before.unlistedAt
        : undefined;
  return { kind: 'locked', locks: [lock], at, ...(unlistedAt && { unlistedAt }) };
}
