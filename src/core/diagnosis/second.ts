import type { Cause, NamedFinding } from './diagnosis';
import type { Facts } from './facts';
import { rightsLacking } from './rules/access';
import { serviceLock, treeLock } from './rules/automatic';
import { neverCounts, listedElapsed, pastDeadline } from './rules/expired';
import { lost, ownElsewhere } from './rules/own';
import { byHand, edited } from './rules/people';
import { someLock } from './rules/rest';
import type { Rule } from './rules/rule';

const lockRules: readonly Rule[] = [
  ownElsewhere,
  pastDeadline,
  listedElapsed,
  neverCounts,
  serviceLock,
  edited,
  byHand,
  treeLock,
  someLock,
];
const lockCauses: readonly Cause[] = [
  'editedByOther',
  'lockedByHand',
  'automatic',
  'expiredEnforced',
  'ownLock',
];
/** What another's lock does not explain, and what a lock comes on top of. */
const besideLock: readonly Cause[] = ['contentChanged', 'leaseLost', 'access', 'signIn', 'noRoom'];

/** A second fact that keeps the save from succeeding, once the first is settled. */
export function secondFinding(facts: Facts, { cause }: NamedFinding): NamedFinding | undefined {
  if (besideLock.includes(cause)) {
    const lock = firstOf([...lockRules, ...(cause === 'leaseLost' ? [] : [lost])], facts);
    if (lock) return lock;
  }
  if (lockCauses.includes(cause)) {
    const access = firstOf([rightsLacking], facts);
    if (access) return access;
  }
  const isPending = lockCauses.includes(cause) || cause === 'leaseLost' || cause === 'notEnforced';
  return isPending && facts.content === 'changed' ? changed : undefined;
}

const changed: NamedFinding = {
  rule: 'also-changed',
  cause: 'contentChanged',
  confidence: 'high',
  evidence: [{ code: 'contentDiffers' }],
  advice: ['compare', 'saveCopy'],
};

export function firstOf(rules: readonly Rule[], facts: Facts): NamedFinding | undefined {
  for (const { name, find } of rules) {
    const finding = find(facts);
    if (finding) return { ...finding, rule: name };
  }
  return undefined;
}
