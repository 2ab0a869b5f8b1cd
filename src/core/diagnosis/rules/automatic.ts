import type { Lock } from '../../model/lock';
import { rootAbove } from '../../model/lockView';
import type { Finding, Reason } from '../diagnosis';
import { minute, type Facts } from '../facts';
import { locksIn, mediumIf, othersLock, traceOf, unexplained } from '../locks';
import { programWords } from '../programWords';
import { clearedAfter, refusalIn, refusedRow, refusedSince, says } from '../refusals';
import { who } from './people';
import type { Rule } from './rule';

/** The holder's name sounds like a program's, or several signs of one come together. */
export const serviceLock: Rule = {
  name: 'service-lock',
  find(facts) {
    const lock = othersLock(facts);
    if (!lock) return undefined;
    const signs = signsOfProgram(facts, lock);
    const isRefreshed = (traceOf(facts, lock)?.refreshes.length ?? 0) > 0;
    // Who keeps one file's lock alive is at work in it, whatever the name sounds like.
    if (isRefreshed && !signs.some(({ code }) => code === 'treeLock')) return undefined;
    const named = signs.some(({ code }) => code === 'serviceWords');
    return named || signs.length >= 2 ? byProgram(facts, lock, signs) : undefined;
  },
};

/** A lock on a whole folder by somebody who is not known to work in this file. */
export const treeLock: Rule = {
  name: 'tree-lock',
  find(facts) {
    const lock = othersLock(facts);
    const signs = lock ? signsOfProgram(facts, lock) : [];
    return lock && signs.length > 0 ? byProgram(facts, lock, signs) : undefined;
  },
};

function byProgram(facts: Facts, lock: Lock, signs: readonly Reason[]): Finding {
  const since = refusedSince(facts);
  const long = since !== undefined && facts.now.wall - since > 30 * minute;
  return {
    cause: 'automatic',
    confidence: signs.length >= 2 ? 'high' : 'medium',
    because: [...who(lock), ...signs],
    alternatives: ['lockedByHand'],
    // A job that runs for half an hour is the administrator's to look at.
    advice: long
      ? ['contactAdmin', 'wait', 'saveCopy', 'copyReport', 'breakLock']
      : ['wait', 'retry', 'saveCopy', 'contactAdmin', 'copyReport'],
    lookAgainMs: minute,
  };
}

function signsOfProgram(facts: Facts, lock: Lock): Reason[] {
  const root = rootAbove(lock, facts.resource);
  const program = programWords(lock.holder);
  const operation = refusalIn(facts)?.refusal;
  const many = facts.sameLockOn ?? 0;
  const signs: (Reason | false | undefined)[] = [
    program !== undefined && { code: 'serviceWords', text: program },
    operation?.shape === 'terraform' &&
      operation.codes.some((code) => /apply|plan/i.test(code)) && {
        code: 'serviceWords',
        text: operation.codes.join(' '),
      },
    root && { code: 'treeLock', resource: root },
    // That a folder's lock is on what lies in it is no second sign.
    !root && many >= 3 && { code: 'sameTokenElsewhere', count: many },
  ];
  return signs.filter((sign) => sign !== false && sign !== undefined);
}

export const transaction = /FileLocked|LockedException|LockNotAcquired|transaction|lock wait|deadlock/i;

/** Refused a while ago, once: whatever it was, it need not be there any more. */
const stillMs = 10 * minute;

/** Refused without any lock: the server was at work on the file itself, by its own word or because it lists its locks. */
export const transient: Rule = {
  name: 'server-at-work',
  find(facts) {
    const found = unexplained(facts);
    if (!found || facts.now.wall - found.refusal.at.wall > stillMs) return undefined;
    const { refusal, isProven } = found;
    const signs: Reason[] = [];
    const wait = refusal.headers['retry-after'];
    if (wait !== undefined) signs.push({ code: 'retryAfter', text: wait });
    if (says(refusal, transaction))
      signs.push({ code: 'transactionText', text: refusal.refusal?.reason ?? '' });
    const busy = facts.exchanges.filter(
      ({ status, at }) => status === 503 && facts.now.mono - at.mono < 5 * minute,
    ).length;
    if (busy > 0) signs.push({ code: 'serverErrors', count: busy, status: 503 });
    if (!isProven && signs.length === 0) return undefined;
    if ((refusedRow(facts)?.ms ?? 0) > 10 * minute && wait === undefined) return undefined;
    return {
      cause: 'automatic',
      confidence: mediumIf(isProven && signs.length > 0),
      because: [...signs, isProven ? { code: 'noLockListed' } : { code: 'serverSilent' }],
      alternatives: ['expiredEnforced', 'serverFault', 'access'],
      advice: ['retry', 'wait', 'saveCopy', 'copyReport'],
      lookAgainMs: 5_000,
    };
  },
};

/** The refusals have ended by themselves: how long they lasted tells what they were. */
export const cleared: Rule = {
  name: 'cleared',
  find(facts) {
    if (locksIn(facts).length > 0 || refusalIn(facts)) return undefined;
    const ended = clearedAfter(facts);
    if (!ended || facts.now.wall - ended.at > 10 * minute) return undefined;
    const because: Reason[] = [{ code: 'lockCleared', at: ended.at, ms: ended.ms }];
    const advice = ['retry', 'compare'] as const;
    if (ended.watched) return { cause: 'notLocked', confidence: 'high', because, advice };
    if (facts.listingSupport === 'seen') {
      return ended.ms <= minute ? { cause: 'automatic', confidence: 'high', because, advice } : undefined;
    }
    return ended.ms < 2 * minute
      ? { cause: 'automatic', confidence: 'low', because, alternatives: ['editedByOther'], advice }
      : { cause: 'editedByOther', confidence: 'low', because, alternatives: ['automatic'], advice };
  },
};
