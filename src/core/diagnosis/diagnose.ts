import type { Diagnosis, Reason } from './diagnosis';
import type { Facts } from './facts';
import { nothingFound } from './rules/rest';
import { rules } from './table';

/** Clock skews above this are reported. */
const reportedSkewMs = 60_000;

/** Explains why a write is refused and what to do. Pure: the same facts give the same result. */
export function diagnose(facts: Facts): Diagnosis {
  for (const { name, find } of rules) {
    const finding = find(facts);
    if (finding)
      return { ...finding, evidence: [...finding.evidence, ...clockSkewReason(facts)], rule: name };
  }
  return { ...nothingFound(facts), rule: 'nothing-found' };
}

/** Reported because people compare lock times with their own clock. */
function clockSkewReason({ skewMs }: Facts): Reason[] {
  return skewMs !== undefined && Math.abs(skewMs) > reportedSkewMs ? [{ code: 'clockOff', ms: skewMs }] : [];
}
