import type { Lock } from '../../model/lock';
import { rootAbove } from '../../model/lockView';
import type { Finding, Reason } from '../diagnosis';
import { minute, type Facts } from '../facts';
import { currentLocks, mediumIf, blockingLock, observedLockOf, unexplained423 } from '../locks';
import { programWords } from '../programWords';
import { clearedAfter, refusalToExplain, refusalRun, refusalRunStart, refusalMatches } from '../refusals';
import { holderReasons } from './people';
import type { Rule } from './rule';

/** The holder's name sounds like a program's, or several signs point to one. */
export const serviceLock: Rule = {
  name: 'service-lock',
  find(facts) {
    const lock = blockingLock(facts);
    if (!lock) return undefined;
    const signs = signsOfProgram(facts, lock);
    const isRefreshed = (observedLockOf(facts, lock)?.refreshes.length ?? 0) > 0;
    // Refreshing a single file's lock means active editing, whatever the name sounds like.
    if (isRefreshed && !signs.some(({ code }) => code === 'treeLock')) return undefined;
    const named = signs.some(({ code }) => code === 'serviceWords');
    return named || signs.length >= 2 ? byProgram(facts, lock, signs) : undefined;
  },
};

/** A lock on a whole folder by a holder not known to work in this file. */
export const treeLock: Rule = {
  name: 'tree-lock',
  find(facts) {
    const lock = blockingLock(facts);
    const signs = lock ? signsOfProgram(facts, lock) : [];
    return lock && signs.length > 0 ? byProgram(facts, lock, signs) : undefined;
  },
};

function byProgram(facts: Facts, lock: Lock, signs: readonly Reason[]): Finding {
  const since = refusalRunStart(facts);
  const isLong = since !== undefined && facts.now.wall - since > 30 * minute;
  return {
    cause: 'automatic',
    confidence: signs.length >= 2 ? 'high' : 'medium',
    evidence: [...holderReasons(lock), ...signs],
    alternatives: ['lockedByHand'],
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
  const signs: (Reason | false | undefined)[] = [
    program !== undefined && { code: 'serviceWords', text: program },
    operation?.shape === 'terraform' &&
      operation.codes.some((code) => /apply|plan/i.test(code)) && {
        code: 'serviceWords',
        text: operation.codes.join(' '),
      },
    root && { code: 'treeLock', resource: root },
    // That a folder's lock is listed on its members is no second sign.
    !root && many >= 3 && { code: 'sameTokenElsewhere', count: many },
  ];
  return signs.filter((sign) => sign !== false && sign !== undefined);
}

export const transaction = /FileLocked|LockedException|LockNotAcquired|transaction|lock wait|deadlock/i;

/** The cause of an older refusal may be over. */
const recentMs = 10 * minute;

/** Refused without any lock: the server itself was busy with the file, as it says or as its empty listing shows. */
export const transient: Rule = {
  name: 'server-at-work',
  find(facts) {
    const found = unexplained423(facts);
    if (!found || facts.now.wall - found.refusal.at.wall > recentMs) return undefined;
    const { refusal, isProven } = found;
    const signs: Reason[] = [];
    const wait = refusal.headers['retry-after'];
    if (wait !== undefined) signs.push({ code: 'retryAfter', text: wait });
    if (refusalMatches(refusal, transaction))
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
      evidence: [...signs, isProven ? { code: 'noLockListed' } : { code: 'serverSilent' }],
      alternatives: ['expiredEnforced', 'serverFault', 'access'],
      advice: ['retry', 'wait', 'saveCopy', 'copyReport'],
      recheckAfterMs: 5_000,
    };
  },
};

/** The refusals ended by themselves: how long they lasted suggests the cause. */
export const cleared: Rule = {
  name: 'cleared',
  find(facts) {
    if (currentLocks(facts).length > 0 || refusalToExplain(facts)) return undefined;
    const ended = clearedAfter(facts);
    if (!ended || facts.now.wall - ended.at > 10 * minute) return undefined;
    const evidence: Reason[] = [{ code: 'lockCleared', at: ended.at, ms: ended.ms }];
    const advice = ['retry', 'compare'] as const;
    if (ended.watched) return { cause: 'notLocked', confidence: 'high', evidence, advice };
    if (facts.listingSupport === 'seen') {
      return ended.ms <= minute ? { cause: 'automatic', confidence: 'high', evidence, advice } : undefined;
    }
    return ended.ms < 2 * minute
      ? { cause: 'automatic', confidence: 'low', evidence, alternatives: ['editedByOther'], advice }
      : { cause: 'editedByOther', confidence: 'low', evidence, alternatives: ['automatic'], advice };
  },
};
