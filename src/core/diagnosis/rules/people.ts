import type { Lock } from '../../model/lock';
import type { ObservedLock } from '../../locks/observedLock';
import type { Reason, ReasonCode } from '../diagnosis';
import { hour, type Facts } from '../facts';
import { heldSince, isUnlisted, leftMs, mediumIf, othersLock, traceOf } from '../locks';
import { programWords } from '../programWords';
import { isAboutLock, refusalIn } from '../refusals';
import type { Rule } from './rule';

/** Locks younger than this are believed to be somebody's at work. */
const freshMs = 2 * hour;
const dayMs = 24 * hour;
const slackMs = 30_000;
/** What only somebody at work does. */
const sureSigns = new Set<ReasonCode>(['refreshed', 'outlived', 'appNamed']);

/** Somebody is at work: the lock has an end ahead, and it is refreshed, young, or held by an editor. */
export const edited: Rule = {
  name: 'edited',
  find(facts) {
    const lock = othersLock(facts);
    if (!lock || isByHandByNature(facts, lock)) return undefined;
    const observed = traceOf(facts, lock);
    const left = lock.expiry.kind === 'at' ? endsIn(facts, lock, observed) : undefined;
    if (left === undefined || left <= 0) return undefined;
    const signs = signsOfWork(facts, lock, observed);
    if (signs.length === 0) return undefined;
    const proven = signs.some(({ code }) => sureSigns.has(code));
    const program = programWords(lock.holder);
    // Told by a refusal, and not in the list that was asked for then.
    const isDoubted = isUnlisted(facts);
    const asks = lock.holder.name !== undefined || lock.holder.contacts.length > 0;
    return {
      cause: 'editedByOther',
      confidence: proven && program === undefined ? 'high' : mediumIf(proven || !isDoubted),
      because: [
        ...who(lock),
        ...signs,
        { code: 'deadlineAhead', at: facts.now.wall + left },
        ...(observed?.basis === 'fixed' ? [{ code: 'fixedTimeout' } as const] : []),
      ],
      ...(!proven && {
        against: [{ code: 'notRefreshed' }, ...(isDoubted ? [{ code: 'noLockListed' } as const] : [])],
        alternatives: ['lockedByHand', 'automatic'] as const,
      }),
      ...(proven &&
        program !== undefined && {
          against: [{ code: 'serviceWords', text: program }],
          alternatives: ['automatic'] as const,
        }),
      advice: [
        'wait',
        ...(asks ? (['contactHolder'] as const) : []),
        'openReadOnly',
        'saveCopy',
        'compare',
        'breakLock',
      ],
      lookAgainMs: Math.min(left, 60_000),
    };
  },
};

/** Somebody locked it by hand: no end, no refreshes, or a kind of lock that only people take. */
export const byHand: Rule = {
  name: 'by-hand',
  find(facts) {
    const lock = othersLock(facts);
    const natural = isByHandByNature(facts, lock);
    if (!lock && !natural) return undefined;
    const observed = lock && traceOf(facts, lock);
    const left = lock && endsIn(facts, lock, observed);
    const endless = lock?.expiry.kind === 'never' || (left !== undefined && left > dayMs);
    if (!natural && (!endless || (observed?.refreshes.length ?? 0) > 0)) return undefined;
    const since = lock && heldSince(lock, observed);
    return {
      cause: 'lockedByHand',
      confidence: natural ? 'high' : 'medium',
      because: [
        ...(lock ? who(lock) : [{ code: 'serverSilent' } as const]),
        ...(natural ? [{ code: 'protocolByHand' } as const] : []),
        ...(endless ? [{ code: 'neverEnds' } as const] : []),
        ...(since !== undefined ? [{ code: 'lockListed', at: since } as const] : []),
        ...(observed && observed.looks > 1 ? [{ code: 'notRefreshed', count: observed.looks } as const] : []),
      ],
      ...(!natural && { alternatives: ['automatic', 'expiredEnforced'] as const }),
      advice: ['contactHolder', 'contactAdmin', 'saveCopy', 'breakLock', 'copyReport'],
    };
  },
};

export function who({ holder }: Lock): Reason[] {
  if (holder.name === undefined) return [{ code: 'serverSilent' }];
  return [{ code: holder.assertedBy === 'server' ? 'holderNamed' : 'holderTold', text: holder.name }];
}

function signsOfWork(facts: Facts, lock: Lock, observed: ObservedLock | undefined): Reason[] {
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
    facts.endsUnseen && outlived && { code: 'outlived', ms: granted },
    lock.holder.app !== undefined && { code: 'appNamed', text: lock.holder.app },
    since !== undefined && facts.now.wall - since < freshMs && { code: 'young', at: since },
  ];
  return signs.filter((sign) => sign !== false && sign !== undefined);
}

function endsIn(facts: Facts, lock: Lock, observed: ObservedLock | undefined): number | undefined {
  if (observed) return leftMs(facts, observed);
  return lock.expiry.kind === 'at' ? lock.expiry.at.mono - facts.now.mono : undefined;
}

/** Check-outs and the locks of Git LFS, Subversion and file services: people take them and people end them. */
function isByHandByNature(facts: Facts, lock: Lock | undefined): boolean {
  if (lock?.byHand) return true;
  const last = refusalIn(facts);
  const refusal = last?.refusal;
  if (!refusal || !isAboutLock(last)) return false;
  if (refusal.shape === 'gitLfs') return true;
  return refusal.codes.some((code) =>
    /^(?:589838|0x0009000e|access_denied_item_locked|lock_conflict)$/i.test(code),
  );
}
