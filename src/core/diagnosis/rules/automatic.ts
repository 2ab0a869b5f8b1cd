import type { Lock } from '../../lock';
import { rootAbove } from '../../lockView';
import type { Finding, Reason } from '../diagnosis';
import {
  clearedAfter,
  isUnlisted,
  minute,
  othersLock,
  refusalIn,
  refusedSince,
  refusedWith,
  says,
  type Facts,
} from '../facts';
import { who } from './people';
import type { Rule } from './rule';

const service =
  /(?:^|[^a-z])(?:backup|migrat(?:ion|or|e|ing)|sync(?:er|ing|hroni[sz]\w*)?|index(?:er|ing)?|scan(?:ner|ning)?|snapshot|cron(?:job)?|bot|svc|service|system|daemon|ci|batch|job)s?(?![a-z])/i;

/** The holder's name sounds like a program's, or several signs of one come together. */
export const serviceLock: Rule = {
  name: 'service-lock',
  find(facts) {
    const lock = othersLock(facts);
    if (!lock) return undefined;
    const signs = signsOfProgram(facts, lock);
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
  const told = [lock.holder.name, lock.holder.app].filter((text) => text !== undefined).join(' ');
  // "BackupService" is two words.
  const words = told.replace(/([a-z])([A-Z])/g, '$1 $2');
  const operation = refusalIn(facts)?.told;
  const many = facts.sameLockOn ?? 0;
  const signs: (Reason | false | undefined)[] = [
    service.test(words) && { code: 'serviceWords', text: told },
    operation?.shape === 'terraform' &&
      operation.codes.some((code) => /apply|plan/i.test(code)) && {
        code: 'serviceWords',
        text: operation.codes.join(' '),
      },
    root && { code: 'treeLock', resource: root },
    many >= 3 && { code: 'sameTokenElsewhere', count: many },
  ];
  return signs.filter((sign) => sign !== false && sign !== undefined);
}

const transaction = /FileLocked|LockedException|LockNotAcquired|transaction|lock wait|deadlock/i;

/** Refused without any lock on a server that lists its locks: it was at work on the file itself. */
export const transient: Rule = {
  name: 'server-at-work',
  find(facts) {
    const refusal = refusedWith(facts, 423);
    if (!refusal || !isUnlisted(facts)) return undefined;
    const signs: Reason[] = [];
    const wait = refusal.headers['retry-after'];
    if (wait !== undefined) signs.push({ code: 'retryAfter', text: wait });
    if (says(refusal, transaction)) signs.push({ code: 'transactionText', text: refusal.told?.reason ?? '' });
    const busy = facts.exchanges.filter(
      ({ status, at }) => status === 503 && facts.now.mono - at.mono < 5 * minute,
    ).length;
    if (busy > 0) signs.push({ code: 'serverErrors', count: busy, status: 503 });
    const since = refusedSince(facts);
    const lasts = since === undefined ? 0 : facts.now.wall - since;
    if (lasts > 10 * minute && wait === undefined) return undefined;
    return {
      cause: 'automatic',
      confidence: signs.length > 0 ? 'medium' : 'low',
      because: [...signs, { code: 'noLockListed' }],
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
    if (facts.state.kind === 'locked' || refusalIn(facts)) return undefined;
    const ended = clearedAfter(facts);
    if (!ended || facts.now.wall - ended.at > 10 * minute) return undefined;
    const because: Reason[] = [{ code: 'lockCleared', at: ended.at, ms: ended.ms }];
    const advice = ['retry', 'compare'] as const;
    const watched = facts.history.traces.some(({ byToken }) => byToken);
    // A lock that was listed all the time has been explained while it stood.
    if (watched) return { cause: 'notLocked', confidence: 'high', because, advice };
    if (facts.habit === 'seen') {
      return ended.ms <= minute ? { cause: 'automatic', confidence: 'high', because, advice } : undefined;
    }
    return ended.ms < 2 * minute
      ? { cause: 'automatic', confidence: 'low', because, alternatives: ['editedByOther'], advice }
      : { cause: 'editedByOther', confidence: 'low', because, alternatives: ['automatic'], advice };
  },
};
