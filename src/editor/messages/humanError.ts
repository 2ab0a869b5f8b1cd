import type { NextStep } from './nextStep';

/** An error with a sentence for the user: what happened, to which file, and what to do next. */
export class HumanError extends Error {
  override readonly name = 'HumanError';
  /** What the message offers. */
  readonly next: NextStep | undefined;

  constructor(message: string, { next, ...options }: ErrorOptions & { readonly next?: NextStep } = {}) {
    super(message, options);
    this.next = next;
  }
}
