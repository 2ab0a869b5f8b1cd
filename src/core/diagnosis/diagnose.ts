import { defined } from '../../base/defined';
import { workableAdvice } from './advice';
import type { Cause, Diagnosis, NamedFinding, Reason } from './diagnosis';
import type { Facts } from './facts';
import { blockingLock } from './locks';
import { nothingFound } from './rules/rest';
import { secondFinding } from './second';
import { firstOf, rules, type RuleName } from './ruleOrder';

/** Clock skews above this are reported. */
const reportedSkewMs = 60_000;

const order = Object.keys(rules) as RuleName[];

/** Explains why a write is refused and what to do. Pure: the same facts give the same result. */
export function diagnose(facts: Facts): Diagnosis {
  const first: NamedFinding = firstOf(order, facts) ?? { ...nothingFound(facts), rule: 'nothing-found' };
  const also = secondFinding(facts, first);
  const holder = holdsSomething(first, also) ? blockingLock(facts)?.holder : undefined;
  return {
    ...first,
    evidence: [...first.evidence, ...clockSkewReason(facts)],
    advice: workableAdvice(facts, first, also),
    ...defined({ also, holder }),
  };
}

/** Causes by which somebody holds the file. */
const heldBy: readonly Cause[] = [
  'editedByOther',
  'lockedByHand',
  'automatic',
  'expiredEnforced',
  'ownLock',
  'notEnforced',
  'undetermined',
];

function holdsSomething(first: NamedFinding, also: NamedFinding | undefined): boolean {
  return heldBy.includes(first.cause) || (also !== undefined && heldBy.includes(also.cause));
}

/** Reported because people compare lock times with their own clock. */
function clockSkewReason({ skewMs }: Facts): Reason[] {
  return skewMs !== undefined && Math.abs(skewMs) > reportedSkewMs ? [{ code: 'clockOff', ms: skewMs }] : [];
}
