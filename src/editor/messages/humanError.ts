/** An error with a sentence for the user: what happened, to which file, and what to do next. */
export class HumanError extends Error {
  override readonly name = 'HumanError';
}
