import type { Finding, Reason } from '../diagnosis';
import type { Facts } from '../facts';

/** A reason where it is given. */
export type Sign = Reason | false | undefined;

/** What a rule finds. */
export interface Found extends Omit<Finding, 'evidence' | 'against'> {
  readonly evidence: readonly Sign[];
  readonly against?: readonly Sign[];
}

/** One row of the decision table. */
export type Rule = (facts: Facts) => Found | undefined;

export function given(signs: readonly Sign[]): Reason[] {
  return signs.filter((sign) => sign !== false && sign !== undefined);
}
