import type { Lock } from '../../model/lock';
import { rootAbove } from '../../model/lockView';
import type { Finding, Reason } from '../diagnosis';
import { minute, type Facts } from '../facts';
import {
  blockingLock,
  currentLocks,
  isUnlisted,
  listedLocks,
  mediumIf,
  observedLockOf,
  silence,
  unexplained423,
} from '../locks';
import { isNamedPerson, programWords } from '../programWords';
import { refusalMatches, refusalText, texts } from '../refusalTexts';
import { clearedAfter, refusalToExplain, refusalRun, refusalRunStart, refusedWith } from '../refusals';
import { holderReasons } from './people';
import { given, type Found } from './rule';

/** The refusal says that a task keeps writers out, or until when: maintenance, a backup, a migration. */
export function job(facts: Facts): Found | undefined {
  const refusal = refusedWith(facts, 403, 409, 423, 503);
  if (!refusal || listedLocks(facts).length > 0 || refusal.refusal?.holder) return undefined;
  const saysJob = refusalMatches(refusal, texts.job);
  const wait = refusal.headers['retry-after'];
  // Any busy server sends Retry-After with 503; with another status it announces an end.
  if (!saysJob && (wait === undefined || refusal.status === 503)) return undefined;
  const signs = given([
    saysJob && { code: 'jobText', text: refusalText(refusal) },
    wait !== undefined && { code: 'retryAfter', text: wait },
  ]);
  return {
    cause: 'automatic',
    confidence: signs.length > 1 ? 'high' : mediumIf(saysJob || isUnlisted(facts)),
    evidence: [...signs, silence(facts)],
    alternatives: ['serverFault', 'access'],
    advice: [
      ...(saysJob ? (['wait', 'retry'] as const) : (['retry', 'wait'] as const)),
      'saveCopy',
      'contactAdmin',
      'copyReport',
    ],
    recheckAfterMs: minute,
  };
}

/** The holder's name sounds like a program's, or several signs point to one. */
export function serviceLock(facts: Facts): Found | undefined {
  const lock = blockingLock(facts);
  if (!lock) return undefined;
  const signs = signsOfProgram(facts, lock);
  const named = signs.some(({ code }) => code === 'serviceWords');
  return named || signs.length >= 2 ? byProgram(facts, lock, signs) : undefined;
}

/** A lock on a whole folder or many files, by nobody who is named. */
export function treeLock(facts: Facts): Found | undefined {
  const lock = blockingLock(facts);
  const signs = lock ? signsOfProgram(facts, lock) : [];
  return lock && signs.length > 0 ? byProgram(facts, lock, signs) : undefined;
}

function byProgram(facts: Facts, lock: Lock, signs: readonly Reason[]): Finding {
  const since = refusalRunStart(facts);
  const isRefreshed = (observedLockOf(facts, lock)?.refreshes.length ?? 0) > 0;
  const isLong = since !== undefined && facts.now.wall - since > 30 * minute;
  return {
    cause: 'automatic',
    confidence: signs.length >= 2 && !isRefreshed ? 'high' : 'medium',
    evidence: [...holderReasons(lock), ...signs],
    alternatives: isRefreshed ? ['editedByOther'] : ['lockedByHand', 'editedByOther'],
    // A job that runs for half an hour is a matter for the administrator.
    advice: isLong
      ? ['contactAdmin', 'wait', 'saveCopy', 'copyReport', 'breakLock']
      : ['wait', 'retry', 'saveCopy', 'contactAdmin', 'copyReport'],
    recheckAfterMs: minute,
  };
}

function signsOfProgram(facts: Facts, lock: Lock): Reason[] {
  const root = rootAbove(lock, facts.resource);
  const program = programWords(lock.holder);
  const operation = refusalToExplain(facts)?.refusal;
  const many = facts.sameLockCount ?? 0;
  const isPerson = isNamedPerson(lock.holder);
  return given([
    program !== undefined && { code: 'serviceWords', text: program },
    operation?.shape === 'terraform' &&
      operation.codes.some((code) => /apply|plan/i.test(code)) && {
        code: 'serviceWords',
        text: operation.codes.join(' '),
      },
    // People lock folders too, and work in several files.
    !isPerson && root && { code: 'treeLock', resource: root },
    // That a folder's lock is listed on its members is no second sign.
    !isPerson && !root && many >= 3 && { code: 'sameTokenElsewhere', count: many },
  ]);
}

/** The cause of an older refusal may be over. */
const recentMs = 10 * minute;

/** Refused without any lock: the server itself was busy with the file, as it says or as its empty listing shows. */
export function transient(facts: Facts): Found | undefined {
  const found = unexplained423(facts);
  if (!found || facts.now.wall - found.refusal.at.wall > recentMs) return undefined;
  const { refusal, isProven } = found;
  const signs: Reason[] = [];
  const wait = refusal.headers['retry-after'];
  if (wait !== undefined) signs.push({ code: 'retryAfter', text: wait });
  if (refusalMatches(refusal, texts.transaction))
    signs.push({ code: 'transactionText', text: refusal.refusal?.reason ?? '' });
  const busy = facts.exchanges.filter(
    ({ status, at }) => status === 503 && facts.now.mono - at.mono < 5 * minute,
  ).length;
  if (busy > 0) signs.push({ code: 'serverErrors', count: busy, status: 503 });
  if (!isProven && signs.length === 0) return undefined;
  if ((refusalRun(facts)?.ms ?? 0) > 10 * minute && wait === undefined) return undefined;
  return {
    cause: 'automatic',
    confidence: mediumIf(isProven && signs.length > 0),
    evidence: [...signs, silence(facts)],
    alternatives: ['expiredEnforced', 'serverFault', 'access'],
    advice: ['retry', 'wait', 'saveCopy', 'copyReport'],
    recheckAfterMs: 5_000,
  };
}

/** The refusals are over. */
export function cleared(facts: Facts): Found | undefined {
  if (currentLocks(facts).length > 0 || refusalToExplain(facts)) return undefined;
  const ended = clearedAfter(facts);
  if (!ended || facts.now.wall - ended.at > 10 * minute) return undefined;
  // A successful save, or a listing without the lock: whoever held it, it is over.
  const isOver = ended.saved || ended.watched;
  return {
    cause: 'notLocked',
    confidence: isOver ? 'high' : 'low',
    evidence: [{ code: 'lockCleared', at: ended.at, ms: ended.ms }],
    ...(!isOver && { alternatives: ['automatic'] as const }),
    advice: ['retry', 'compare'],
  };
}
