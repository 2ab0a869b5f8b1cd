import type { Command } from './room';
import { targetOf } from './target';

/** Why a save is refused here, how sure that is, and what to do. */
export const explain: Command = (room, argument) => room.explanations.show(targetOf(room, argument));
