import type { Evidence } from '../model/evidence';
import type { LockState, Stamp } from '../model/lock';

export type KnownState = LockState & { readonly at: Stamp };

type OfOurLock = Extract<Evidence, { readonly kind: 'released' | 'unconfirmed' | 'lost' }>;

/** The state after the end of our lock if no other is known: that we hold none does not mean that nobody does. */
export function stateWithoutOurs(evidence: OfOurLock): KnownState {
  const { kind, at } = evidence;
  if (kind === 'released' && evidence.wasHeld) return { kind: 'unlocked', proof: 'released', at };
  return { kind: 'unknown', why: kind === 'unconfirmed' ? evidence.why : 'notAsked', at };
}
