import type { Finding } from '../diagnosis';
import type { Facts } from '../facts';

/** One row of the decision table: what it is called, and what it finds in the facts. */
export interface Rule {
  readonly name: string;
  readonly find: (facts: Facts) => Finding | undefined;
}
