import type { Finding } from '../diagnosis/diagnosis';
import type { FailureKind, RemoteFailure } from '../model/failure';
import type { LockState } from '../model/lock';
import { hasListedForeignLock } from './isFree';
import type { WaitTrouble } from './waits';

/** Whether waiting helps after a failed attempt: yes, unknown, or no. */
export type Outlook = 'hopeful' | 'doubtful' | 'hopeless';

const outlooks: Readonly<Record<FailureKind, Outlook>> = {
  locked: 'hopeful',
  preconditionFailed: 'doubtful',
  leaseLost: 'hopeful',
  contentChanged: 'hopeless',
  signInNeeded: 'hopeless',
  cannotSignIn: 'hopeless',
  forbidden: 'hopeless',
  // Briefly, while a program saves by renaming.
  notFound: 'doubtful',
  exists: 'hopeless',
  parentMissing: 'hopeless',
  conflict: 'doubtful',
  unsupported: 'hopeless',
  // A captive portal answers in the server's place, redirects, or has another certificate.
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
  canceled: 'doubtful',
  refused: 'hopeless',
};

/** Whether the same request would be refused again, whatever becomes of the lock. */
export function isRefusedForGood({ kind }: RemoteFailure): boolean {
  return outlooks[kind] === 'hopeless';
}

/** The wait ends after this many consecutive doubtful failures. */
export const maxDoubtfulFailures = 6;

/** Whether to continue after a refused attempt, by the refusal and its diagnosis. */
export function outlookOf({ kind, facts }: RemoteFailure, finding: Finding, state: LockState): Outlook {
  if (kind !== 'locked') return outlooks[kind];
  if (isProvenMissingRight(finding)) return 'hopeless';
  // With Retry-After, the server itself says that the refusal is temporary.
  if (facts.retryAfterMs !== undefined) return 'hopeful';
  if (isMissingRight(finding, state)) return 'hopeless';
  return isCauseWithoutLock(finding, 'serverFault', state) ? 'doubtful' : 'hopeful';
}

/** Whether a 423 means a missing permission and no lock, as far as known. */
export function isMissingRight(finding: Finding, state: LockState): boolean {
  return isProvenMissingRight(finding) || isCauseWithoutLock(finding, 'access', state);
}

/** The server itself reports the missing right: no released lock changes that. */
function isProvenMissingRight({ cause, confidence }: Finding): boolean {
  return cause === 'access' && confidence === 'high';
}

function isCauseWithoutLock(
  { cause, confidence }: Finding,
  wanted: Finding['cause'],
  state: LockState,
): boolean {
  return cause === wanted && confidence !== 'low' && !hasListedForeignLock(state);
}

/** Polls that fail as every save would. After other refused polls, a save may still be accepted. */
const hopelessKinds = new Set<FailureKind>(['signInNeeded', 'cannotSignIn', 'tls', 'notFound', 'redirected']);

export function isHopelessPoll({ kind }: RemoteFailure): boolean {
  return hopelessKinds.has(kind);
}

/** A single failed poll may be a server hiccup, or a file that is being replaced. */
const minHopelessPolls = 3;
const minHopelessMs = 60_000;

/** Whether this many consecutive hopeless polls, over this time, end the wait. */
export function endsWait(looks: number, ms: number): boolean {
  return looks >= minHopelessPolls && ms >= minHopelessMs;
}

/**
 * How often to poll and attempt. `usual`: as for active editing; `growing`: each pause after an attempt is longer
 * than the last; `rare`: the lock is unlikely to end by itself.
 */
export type WaitPace = 'usual' | 'growing' | 'rare';

export interface Prospect {
  readonly pace: WaitPace;
  readonly trouble: WaitTrouble | undefined;
}

/** A program that holds a file longer than this is a matter for the administrator. */
const longProgramLockMs = 30 * 60_000;

/** What the cause of a lock means for a wait of this length. */
export function prospectOf({ cause, confidence }: Finding, waitedMs: number): Prospect {
  const isSure = confidence !== 'low';
  if (cause === 'lockedByHand' && isSure) return { pace: 'rare', trouble: 'byHand' };
  if (cause === 'expiredEnforced' && isSure) return { pace: 'rare', trouble: 'expired' };
  if (cause !== 'automatic') return { pace: 'usual', trouble: undefined };
  return { pace: 'growing', trouble: waitedMs < longProgramLockMs ? undefined : 'lasting' };
}
