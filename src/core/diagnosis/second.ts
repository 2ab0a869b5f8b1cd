import type { Cause, NamedFinding } from './diagnosis';
import type { Facts } from './facts';
import { firstOf, type RuleName } from './ruleOrder';

const lockRules: readonly RuleName[] = [
  'own-elsewhere',
  'past-deadline',
  'listed-elapsed',
  'never-counts',
  'service-lock',
  'edited',
  'by-hand',
  'tree-lock',
  'some-lock',
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
    const lock = firstOf([...lockRules, ...(cause === 'leaseLost' ? [] : (['lost'] as const))], facts);
    if (lock) return lock;
  }
  if (lockCauses.includes(cause)) {
    const access = firstOf(['rights-lacking'], facts);
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
