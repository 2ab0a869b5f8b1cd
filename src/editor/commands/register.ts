import { commands, type Disposable } from 'vscode';
import { isFailure } from '../../core/model/failure';
import { failureSentence } from '../words/failureWords';
import { HumanError } from '../messages/humanError';
import { complain } from '../messages/prompts';
import type { Room } from './room';
import { commandTable } from './table';

/** Called by programs, which want the error itself and no message. */
const forPrograms = new Set(['lockStatus.connect']);

export function registerCommands(room: Room): Disposable[] {
  return Object.entries(commandTable).map(([id, run]) =>
    commands.registerCommand(id, async (argument: unknown) => {
      try {
        return await run(room, argument);
      } catch (error) {
        if (forPrograms.has(id)) throw error;
        return report(room, id, error);
      }
    }),
  );
}

/** The one place where a command's failure becomes a message. */
function report({ log }: Room, id: string, error: unknown): undefined {
  if (!(error instanceof HumanError)) log.failure(id, error);
  if (isFailure(error, 'cancelled')) return undefined;
  // What we did not foresee is VS Code's to show, with its stack in the log.
  if (!isFailure(error) && !(error instanceof HumanError)) throw error;
  void complain(isFailure(error) ? failureSentence(error) : error.message);
  return undefined;
}
