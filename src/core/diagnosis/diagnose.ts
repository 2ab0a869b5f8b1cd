import type { Diagnosis, Reason } from './diagnosis';
import type { Facts } from './facts';
import { nothingFound } from './rules/rest';
import { rules } from './table';

/** Clocks that differ by more than this are worth a word. */
const skewWorthTelling = 60_000;

/** Why a write is refused here, and what can be done. Pure: the same facts give the same answer. */
export function diagnose(facts: Facts): Diagnosis {
  for (const { name, find } of rules) {
    const finding = find(facts);
    if (finding) return { ...finding, because: [...finding.because, ...clock(facts)], rule: name };
  }
  return { ...nothingFound(facts), rule: 'nothing-found' };
}

/** Shown, because people compare times with the clock on their wall. */
function clock({ skewMs }: Facts): Reason[] {
  return skewMs !== undefined && Math.abs(skewMs) > skewWorthTelling
    ? [{ code: 'clockOff', ms: skewMs }]
    : [];
}
