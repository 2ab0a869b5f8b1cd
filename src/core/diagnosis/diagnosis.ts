import type { Holder } from '../model/lock';
import type { ResourceId } from '../model/resource';

/** Why a write is refused: six causes, the findings that only look like one of them, and what a success shows. */
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
  | 'signIn'
  | 'noRoom'
  | 'tooLarge'
  | 'noLocks'
  | 'notEnforced'
  | 'undetermined';

export type Confidence = 'high' | 'medium' | 'low';

/** A fact for or against a cause. The editor turns it into text. */
export type ReasonCode =
  | 'accessRefused'
  | 'accountReads'
  | 'accountUnproven'
  | 'allOfFolder'
  | 'bodyTooLarge'
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
  | 'endedEarly'
  | 'fixedTimeout'
  | 'gatewayAnswered'
  | 'handleRefused'
  | 'holderNamed'
  | 'holderClaimed'
  | 'jobText'
  | 'lockCleared'
  | 'lockListed'
  | 'lockLost'
  | 'lockMethodRefused'
  | 'lockUnlisted'
  | 'neverEnds'
  | 'noDate'
  | 'noLockClass'
  | 'noLockListed'
  | 'noReadEither'
  | 'noRoomLeft'
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
  | 'signInPage'
  | 'steady'
  | 'transactionText'
  | 'treeLock'
  | 'unanswered'
  | 'unproven'
  | 'wordsOfAccess'
  | 'writePassed'
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

export interface NamedFinding extends Finding {
  /** The rule that made the finding, for reports and tests. */
  readonly rule: string;
}

/** The one verdict that every surface shows. */
export interface Diagnosis extends NamedFinding {
  /** A second finding that the advice had to regard, such as changed content behind a lock. */
  readonly also?: NamedFinding;
  /** Who may be named as holding the file. */
  readonly holder?: Holder;
}
