import type { ResourceId } from '../model/resource';

/** Why a write is refused: six causes, and the findings that only look like one of them. */
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

/** A fact for or against a cause. The editor turns it into text. */
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
  /** Untrusted text from the server. */
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
  readonly evidence: readonly Reason[];
  /** Evidence against the cause. */
  readonly against?: readonly Reason[];
  readonly alternatives?: readonly Cause[];
  /** Best first. */
  readonly advice: readonly Advice[];
  /** Milliseconds until another check may show more. */
  readonly recheckAfterMs?: number;
}

export interface Diagnosis extends Finding {
  /** The rule that made the finding, for reports and tests. */
  readonly rule: string;
}
