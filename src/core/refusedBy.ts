import type { Evidence } from './evidence';
import type { RemoteFailure } from './failure';
import type { Stamp } from './lock';
import { lockTold } from './refusalTold';

/** A refusal as evidence, with what it says about the lock in the way. */
export function refusedBy({ resource, facts }: RemoteFailure, at: Stamp): Evidence {
  const lock = facts.told && lockTold(facts.told, at);
  return { kind: 'refused', resource, at, ...(lock && { lock }) };
}
