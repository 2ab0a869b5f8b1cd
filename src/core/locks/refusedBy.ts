import type { Evidence } from '../model/evidence';
import { isFailure, type RemoteFailure } from '../model/failure';
import type { Stamp } from '../model/lock';
import { lockFromRefusal } from '../model/refusalInfo';
import { parentOf } from '../model/resource';

/** A refusal as evidence, with what it says about the blocking lock. */
export function refusedBy({ resource, facts }: RemoteFailure, at: Stamp): Evidence {
  const lock = facts.refusal && lockFromRefusal(facts.refusal, at);
  return { kind: 'refused', resource, at, ...(lock && { lock }) };
}

/** What a refused LOCK shows about locks. */
export function shownByRefusal(error: unknown, at: Stamp): Evidence[] {
  if (isFailure(error, 'locked')) return [refusedBy(error, at)];
  const isDecorative = isFailure(error, 'unsupported') && error.facts.code === 'LOCK_NOT_ENFORCED';
  return isDecorative ? [{ kind: 'notEnforced', folder: parentOf(error.resource) ?? error.resource }] : [];
}
