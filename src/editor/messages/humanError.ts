/** A sentence for the person: what happened, to which file, and what to do next. */
export class HumanError extends Error {
  override readonly name = 'HumanError';
}
