import { statusOf } from '../../locks/exchanges';
import type { Facts } from '../facts';
import { currentLocks } from '../locks';
import { refusalToExplain, refusedWith } from '../refusals';
import type { Found } from './rule';

function ownLocksListed(facts: Facts): boolean {
  if (facts.lost !== undefined) return false;
  const listed = new Set(currentLocks(facts).map(({ id }) => id));
  return facts.leases.every(({ id }) => listed.has(id));
}

/** The content changed on the server in the meantime, or the file is no longer there. */
export function changed(facts: Facts): Found | undefined {
  const refusal = refusedWith(facts, 404, 409, 410, 412);
  if (!refusal || refusal.method === 'LOCK' || facts.content !== 'changed') return undefined;
  const status = statusOf(refusal) ?? 412;
  return {
    cause: 'contentChanged',
    confidence: status === 412 ? 'high' : 'medium',
    evidence: [{ code: 'contentDiffers' }, { code: 'refusedOnce', status, at: refusal.at.wall }],
    advice: ['compare', 'saveCopy'],
  };
}

/** 412 without a change: the server's entity tag was not final yet, or it did not evaluate the condition. */
export function weakTag(facts: Facts): Found | undefined {
  const refusal = refusedWith(facts, 412);
  if (!refusal || refusal.method === 'LOCK' || facts.content !== 'same' || !ownLocksListed(facts))
    return undefined;
  if (currentLocks(facts).some(({ holder }) => holder.self === 'other')) return undefined;
  return {
    cause: 'serverFault',
    confidence: 'medium',
    evidence: [{ code: 'contentSame' }, { code: 'conditionWeak', status: 412, at: refusal.at.wall }],
    alternatives: ['contentChanged'],
    advice: ['retry', 'compare', 'copyReport'],
    recheckAfterMs: 2_000,
  };
}

/** Nothing is refused now, but the next save would be: the content changed since the user saw it. */
export function changedSince(facts: Facts): Found | undefined {
  if (facts.content !== 'changed' || refusalToExplain(facts)) return undefined;
  return {
    cause: 'contentChanged',
    confidence: 'high',
    evidence: [{ code: 'contentDiffers' }],
    advice: ['compare', 'saveCopy'],
  };
}
