import type { Evidence } from '../model/evidence';
import type { RemoteFailure } from '../model/failure';
import type { Stamp } from '../model/lock';
import { lockFromRefusal } from '../model/refusalInfo';

/** A refusal as evidence, with what it says about the blocking lock. */
export function refusedBy({ resource, facts }: RemoteFailure, at: Stamp): Evidence {
  const lock = facts.refusal && lockFromRefusal(facts.refusal, at);
  return { kind: 'refused', resource, at, ...(lock && { lock }) };
}
