import type { Command } from './commandContext';
import { targetOf } from './target';

/** Opens the page that explains why a save is refused, how certain that is, and what to do. */
export const explain: Command<'blockedSaves' | 'explanations'> = (context, argument) =>
  context.explanations.show(targetOf(context, argument));
