import type { Finding } from '../diagnosis/diagnosis';
import type { FailureKind, RemoteFailure } from '../model/failure';
import type { LockState } from '../model/lock';
import type { WaitTrouble } from './waits';

/** What waiting does for a try that failed: it helps, nobody knows, or it does not. */
export type Outlook = 'hopeful' | 'doubtful' | 'hopeless';

const outlooks: Readonly<Record<FailureKind, Outlook>> = {
  locked: 'hopeful',
  preconditionFailed: 'doubtful',
  leaseLost: 'hopeful',
  contentChanged: 'hopeless',
  signInNeeded: 'hopeless',
  cannotSignIn: 'hopeless',
  forbidden: 'hopeless',
  // For a moment, where a program saves by renaming.
  notFound: 'doubtful',
  exists: 'hopeless',
  parentMissing: 'hopeless',
  conflict: 'doubtful',
  unsupported: 'hopeless',
  // A network that asks for a click first answers in the server's place, or redirects, or has another certificate.
  notWebdav: 'doubtful',
  busy: 'hopeful',
  serverFault: 'doubtful',
  quota: 'hopeless',
  redirected: 'doubtful',
  partly: 'doubtful',
  unreachable: 'hopeful',
  interrupted: 'hopeful',
  tls: 'doubtful',
  timeout: 'hopeful',
  badAnswer: 'doubtful',
  cancelled: 'doubtful',
  refused: 'hopeless',
};

/** So many doubtful failures in a row are enough. */
export const mostDoubts = 6;

/** Whether to go on after a refused try, by the refusal and by what stands behind it. */
export function outlookOf({ kind, facts }: RemoteFailure, finding: Finding, state: LockState): Outlook {
  if (kind !== 'locked') return outlooks[kind];
  if (isMissingRight(finding, state)) return 'hopeless';
  // The server itself says that it will pass.
  if (facts.retryAfterMs !== undefined) return 'hopeful';
  return isNoLock(finding, 'serverFault', state) ? 'doubtful' : 'hopeful';
}

/** Whether a 423 is no lock but a missing right, as far as can be told. */
export function isMissingRight(finding: Finding, state: LockState): boolean {
  return isNoLock(finding, 'access', state);
}

function isNoLock({ cause, confidence }: Finding, wanted: Finding['cause'], state: LockState): boolean {
  return cause === wanted && confidence !== 'low' && !isListed(state);
}

/** Looks that fail as every save would. What else a server may refuse to show, it may still take. */
const hopelessLooks = new Set<FailureKind>(['signInNeeded', 'cannotSignIn', 'tls', 'notFound', 'redirected']);

export function isHopelessLook({ kind }: RemoteFailure): boolean {
  return hopelessLooks.has(kind);
}

/** One such look may be bad luck: a server's hiccup, a file that is just being replaced. */
const mostHopelessLooks = 3;
const hopelessMs = 60_000;

/** Whether so many hopeless looks in a row, the first of them so long ago, are enough. */
export function endsWait(looks: number, ms: number): boolean {
  return looks >= mostHopelessLooks && ms >= hopelessMs;
}

/** Whether somebody else's lock is listed by the server itself: one that only a refusal told of has no place. */
export function isListed(state: LockState): boolean {
  const locks = state.kind === 'locked' ? state.locks : [];
  return locks.some(({ id, root, holder }) => (id ?? root) !== undefined && holder.self !== 'thisWindow');
}

/**
 * How often to look and to try. `usual`: as for somebody at work; `growing`: each pause after a try longer than the
 * last; `rare`: nothing is likely to happen by itself.
 */
export type WaitPace = 'usual' | 'growing' | 'rare';

export interface Prospect {
  readonly pace: WaitPace;
  readonly trouble: WaitTrouble | undefined;
}

/** A program that holds a file for longer than this is the administrator's to look at. */
const longMs = 30 * 60_000;

/** What the cause of a lock means for who has waited so long for it. */
export function prospectOf({ cause, confidence }: Finding, waitedMs: number): Prospect {
  const isSure = confidence !== 'low';
  if (cause === 'lockedByHand' && isSure) return { pace: 'rare', trouble: 'byHand' };
  if (cause === 'expiredEnforced' && isSure) return { pace: 'rare', trouble: 'expired' };
  if (cause !== 'automatic') return { pace: 'usual', trouble: undefined };
  return { pace: 'growing', trouble: waitedMs < longMs ? undefined : 'lasting' };
}
