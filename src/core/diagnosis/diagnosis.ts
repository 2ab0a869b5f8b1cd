import type { ResourceId } from '../model/resource';

/** Why a write is refused: the six causes, and what looks like one of them and is not. */
export type Cause =
  | 'editedByOther'
  | 'lockedByHand'
  | 'automatic'
  | 'serverFault'
  | 'access'
  | 'expiredEnforced'
  | 'ownLock'
  | 'contentChanged'
  | 'leaseLost'
  | 'notLocked'
  | 'undetermined';

export type Confidence = 'high' | 'medium' | 'low';

/** A fact that speaks for or against a cause. The editor writes the words. */
export type ReasonCode =
  | 'accessRefused'
  | 'accountReads'
  | 'allOfFolder'
  | 'alternates'
  | 'appNamed'
  | 'clockOff'
  | 'conditionWeak'
  | 'conditionNeedsCheckout'
  | 'contentSame'
  | 'contentDiffers'
  | 'deadlineAhead'
  | 'deadlinePassed'
  | 'elapsedListed'
  | 'fixedTimeout'
  | 'gatewayAnswered'
  | 'handleRefused'
  | 'holderNamed'
  | 'holderTold'
  | 'lockCleared'
  | 'lockListed'
  | 'lockMethodRefused'
  | 'lockUnlisted'
  | 'neverEnds'
  | 'noDate'
  | 'noLockListed'
  | 'noReadEither'
  | 'notCounted'
  | 'notRefreshed'
  | 'nothingRefused'
  | 'ownElsewhere'
  | 'outlived'
  | 'ownGone'
  | 'ownHeld'
  | 'ownListed'
  | 'ownOldListed'
  | 'ownSent'
  | 'ownUnsent'
  | 'protocolByHand'
  | 'refreshed'
  | 'refusedOnce'
  | 'retryAfter'
  | 'rightMissing'
  | 'sameTokenElsewhere'
  | 'savesAlternate'
  | 'serverErrors'
  | 'serverSilent'
  | 'serviceWords'
  | 'severalRefused'
  | 'steady'
  | 'transactionText'
  | 'treeLock'
  | 'unproven'
  | 'wordsOfAccess'
  | 'young';

export interface Reason {
  readonly code: ReasonCode;
  /** Unix milliseconds on our clock. */
  readonly at?: number;
  readonly ms?: number;
  readonly count?: number;
  readonly status?: number;
  /** Foreign. */
  readonly text?: string;
  readonly resource?: ResourceId;
}

export type Advice =
  | 'wait'
  | 'retry'
  | 'contactHolder'
  | 'contactAdmin'
  | 'openReadOnly'
  | 'saveCopy'
  | 'compare'
  | 'releaseOwn'
  | 'breakLock'
  | 'lockFirst'
  | 'copyReport'
  | 'signIn'
  | 'askAgain';

export interface Finding {
  readonly cause: Cause;
  readonly confidence: Confidence;
  readonly because: readonly Reason[];
  /** What speaks against it. */
  readonly against?: readonly Reason[];
  readonly alternatives?: readonly Cause[];
  /** The best first. */
  readonly advice: readonly Advice[];
  /** When another look would tell more, in milliseconds from now. */
  readonly lookAgainMs?: number;
}

export interface Diagnosis extends Finding {
  /** The rule that found it, for reports and tests. */
  readonly rule: string;
}
