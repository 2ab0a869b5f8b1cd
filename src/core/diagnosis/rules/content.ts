import type { Facts } from '../facts';
import { currentLocks } from '../locks';
import { refusedWith } from '../refusals';
import type { Rule } from './rule';

function ownLocksListed(facts: Facts): boolean {
  const listed = new Set(currentLocks(facts).map(({ id }) => id));
  return facts.leases.every(({ id }) => listed.has(id));
}

/** 412 because the content changed on the server in the meantime. */
export const changed: Rule = {
  name: 'content-changed',
  find(facts) {
    const refusal = refusedWith(facts, 412);
    if (!refusal || facts.content !== 'changed' || !ownLocksListed(facts)) return undefined;
    return {
      cause: 'contentChanged',
      confidence: 'high',
      evidence: [{ code: 'contentDiffers' }, { code: 'refusedOnce', status: 412, at: refusal.at.wall }],
      advice: ['compare', 'saveCopy'],
    };
  },
};

/** 412 without a change: the server's entity tag was not final yet, or it did not evaluate the condition. */
export const weakTag: Rule = {
  name: 'weak-tag',
  find(facts) {
    const refusal = refusedWith(facts, 412);
    if (!refusal || facts.content !== 'same' || !ownLocksListed(facts)) return undefined;
    if (currentLocks(facts).some(({ holder }) => holder.self === 'other')) return undefined;
    return {
      cause: 'serverFault',
      confidence: 'medium',
      evidence: [{ code: 'contentSame' }, { code: 'conditionWeak', status: 412, at: refusal.at.wall }],
      alternatives: ['contentChanged'],
      advice: ['retry', 'compare', 'copyReport'],
      recheckAfterMs: 2_000,
    };
  },
};
