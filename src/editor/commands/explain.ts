import type { Command } from './commandContext';
import { targetOf } from './target';

/** Why a save is refused here, how sure that is, and what to do. */
export const explain: Command = (context, argument) => context.explanations.show(targetOf(context, argument));
