import type { Lock } from '../../model/lock';
import type { ObservedLock } from '../../locks/observedLock';
import type { Reason, ReasonCode } from '../diagnosis';
import { hour, type Facts } from '../facts';
import {
  blockingLock,
  heldSince,
  isUnlisted,
  leftMs,
  mediumIf,
  observedLockOf,
  unexplained423,
} from '../locks';
import { isNamedPerson } from '../programWords';
import { refusalMatches, refusalText, texts } from '../refusalTexts';
import { isAboutLock, refusalToExplain } from '../refusals';
import type { Found } from './rule';

/** Locks younger than this are assumed to mean active editing. */
const freshMs = 2 * hour;
const dayMs = 24 * hour;
const slackMs = 30_000;
/** Signs that only active editing produces. */
const sureSigns = new Set<ReasonCode>(['refreshed', 'outlived', 'appNamed']);
/** Signs that also a nameless lock of another's gives. */
const provesOther = new Set<ReasonCode>(['refreshed', 'outlived']);

/** Active editing: the lock has not expired, and it was refreshed, is young, or is held by an editor. */
export function edited(facts: Facts): Found | undefined {
  const lock = blockingLock(facts);
  if (!lock || isManualLockType(facts, lock)) return undefined;
  const observed = observedLockOf(facts, lock);
  const left = lock.expiry.kind === 'at' ? endsIn(facts, lock, observed) : undefined;
  if (left === undefined || left <= 0) return undefined;
  // Nobody asks for days in order to edit: programs renew short locks.
  if (isLongGrant(facts, lock, observed) && (observed?.refreshes.length ?? 0) === 0) return undefined;
  const signs = signsOfEditing(facts, lock, observed);
  if (signs.length === 0) return undefined;
  // A young lock on a whole folder is anybody's, unless a person is named.
  const isOnlyYoung = signs.every(({ code }) => code === 'young');
  if (isOnlyYoung && lock.depth === 'tree' && !isNamedPerson(lock.holder)) return undefined;
  const proven = signs.some(({ code }) => sureSigns.has(code));
  // A program that names nobody may be the user's own.
  const isNameless = lock.holder.name === undefined && lock.holder.assertedBy !== 'server';
  const isSure = proven && !(isNameless && signs.every(({ code }) => !provesOther.has(code)));
  // Known only from a refusal, and missing from the listing requested after it.
  const isMissing = isUnlisted(facts);
  return {
    cause: 'editedByOther',
    confidence: isSure ? 'high' : mediumIf(proven || !isMissing),
    evidence: [
      ...holderReasons(lock),
      ...signs,
      { code: 'deadlineAhead', at: facts.now.wall + left },
      observed?.basis === 'fixed' && { code: 'fixedTimeout' },
    ],
    ...(!proven && {
      against: [{ code: 'notRefreshed' }, isMissing && { code: 'noLockListed' }],
      alternatives: ['lockedByHand', 'automatic'] as const,
    }),
    ...(proven && !isSure && { alternatives: ['ownLock', 'automatic'] as const }),
    advice: [
      'wait',
      'contactHolder',
      'openReadOnly',
      'saveCopy',
      'compare',
      // Nobody breaks the lock of a person who is surely editing the file.
      ...(isSure ? [] : (['breakLock'] as const)),
    ],
    recheckAfterMs: Math.min(left, 60_000),
  };
}

/** The refusal says that another user has the file open, and names nobody. */
export function saidEditing(facts: Facts): Found | undefined {
  const found = unexplained423(facts);
  if (!found || !refusalMatches(found.refusal, texts.editing)) return undefined;
  return {
    cause: 'editedByOther',
    confidence: 'medium',
    evidence: [{ code: 'appNamed', text: refusalText(found.refusal) }, { code: 'serverSilent' }],
    alternatives: ['ownLock', 'automatic'],
    advice: ['wait', 'openReadOnly', 'saveCopy', 'compare', 'copyReport'],
    recheckAfterMs: 60_000,
  };
}

/** Locked by hand: a lock type that only people take, or one without refreshes and without an end within a day. */
export function byHand(facts: Facts): Found | undefined {
  const lock = blockingLock(facts);
  const isManual = isManualLockType(facts, lock);
  if (!lock && !isManual) return undefined;
  const observed = lock && observedLockOf(facts, lock);
  const left = lock && endsIn(facts, lock, observed);
  const endless =
    lock?.expiry.kind === 'never' ||
    (lock !== undefined && left !== undefined && isLongGrant(facts, lock, observed));
  if (!isManual && (!endless || (observed?.refreshes.length ?? 0) > 0)) return undefined;
  const since = lock && heldSince(lock, observed);
  return {
    cause: 'lockedByHand',
    confidence: isManual ? 'high' : 'medium',
    evidence: [
      ...(lock ? holderReasons(lock) : [{ code: 'serverSilent' } as const]),
      isManual && { code: 'protocolByHand' },
      endless && { code: 'neverEnds' },
      since !== undefined && { code: 'lockListed', at: since },
      observed && observed.looks > 1 && { code: 'notRefreshed', count: observed.looks },
    ],
    ...(!isManual && { alternatives: ['automatic', 'expiredEnforced'] as const }),
    advice: ['contactHolder', 'contactAdmin', 'saveCopy', 'breakLock', 'copyReport'],
  };
}

export function holderReasons({ holder }: Lock): Reason[] {
  if (holder.name === undefined) return [{ code: 'serverSilent' }];
  return [{ code: holder.assertedBy === 'server' ? 'holderNamed' : 'holderClaimed', text: holder.name }];
}

function signsOfEditing(facts: Facts, lock: Lock, observed: ObservedLock | undefined): Reason[] {
  const since = heldSince(lock, observed);
  const lastRefresh = observed?.refreshes.at(-1);
  const granted = observed?.basis === 'fixed' ? observed.longestMs : undefined;
  const outlived = granted !== undefined && since !== undefined && facts.now.wall - since > granted + slackMs;
  const signs: (Reason | false | undefined)[] = [
    lastRefresh !== undefined && {
      code: 'refreshed',
      at: lastRefresh,
      count: observed?.refreshes.length ?? 1,
    },
    facts.enforcesFullTimeout && outlived && { code: 'outlived', ms: granted },
    lock.holder.app !== undefined && { code: 'appNamed', text: lock.holder.app },
    since !== undefined && facts.now.wall - since < freshMs && { code: 'young', at: since },
  ];
  return signs.filter((sign) => sign !== false && sign !== undefined);
}

/** Granted for more than a day: so much was left at some time. */
function isLongGrant(facts: Facts, lock: Lock, observed: ObservedLock | undefined): boolean {
  return Math.max(observed?.longestMs ?? 0, endsIn(facts, lock, observed) ?? 0) > dayMs;
}

function endsIn(facts: Facts, lock: Lock, observed: ObservedLock | undefined): number | undefined {
  if (observed) return leftMs(facts, observed);
  return lock.expiry.kind === 'at' ? lock.expiry.at.mono - facts.now.mono : undefined;
}

/** People take and release checkouts and the locks of Git LFS, Subversion and file services. */
function isManualLockType(facts: Facts, lock: Lock | undefined): boolean {
  if (lock?.byHand) return true;
  const last = refusalToExplain(facts);
  const refusal = last?.refusal;
  if (!refusal || !isAboutLock(last)) return false;
  if (refusal.shape === 'gitLfs') return true;
  return refusal.codes.some((code) =>
    /^(?:589838|0x0009000e|access_denied_item_locked|lock_conflict)$/i.test(code),
  );
}
