import type { Facts } from '../facts';
import { locksIn } from '../locks';
import { refusedWith } from '../refusals';
import type { Rule } from './rule';

function ownStands(facts: Facts): boolean {
  const listed = new Set(locksIn(facts).map(({ id }) => id));
  return facts.leases.every(({ id }) => listed.has(id));
}

/** 412, and somebody wrote in the meantime. */
export const changed: Rule = {
  name: 'content-changed',
  find(facts) {
    const refusal = refusedWith(facts, 412);
    if (!refusal || facts.content !== 'changed' || !ownStands(facts)) return undefined;
    return {
      cause: 'contentChanged',
      confidence: 'high',
      because: [{ code: 'contentDiffers' }, { code: 'refusedOnce', status: 412, at: refusal.at.wall }],
      advice: ['compare', 'saveCopy'],
    };
  },
};

/** 412 although nothing changed: the server was still unsure of its own entity tag, or did not read the condition. */
export const weakTag: Rule = {
  name: 'weak-tag',
  find(facts) {
    const refusal = refusedWith(facts, 412);
    if (!refusal || facts.content !== 'same' || !ownStands(facts)) return undefined;
    if (locksIn(facts).some(({ holder }) => holder.self === 'other')) return undefined;
    return {
      cause: 'serverFault',
      confidence: 'medium',
      because: [{ code: 'contentSame' }, { code: 'conditionWeak', status: 412, at: refusal.at.wall }],
      alternatives: ['contentChanged'],
      advice: ['retry', 'compare', 'copyReport'],
      lookAgainMs: 2_000,
    };
  },
};
