import type { Finding } from '../diagnosis';
import type { Facts } from '../facts';

/** One row of the decision table. */
export interface Rule {
  readonly name: string;
  readonly find: (facts: Facts) => Finding | undefined;
}
