import { commands, type Disposable } from 'vscode';
import { isFailure } from '../../core/model/failure';
import { failureSentence } from '../words/failureWords';
import { HumanError } from '../messages/humanError';
import { complain } from '../messages/prompts';
import type { CommandContext } from './commandContext';
import { commandTable } from './table';

/** Called by programs, which want the error itself and no message. */
const forPrograms = new Set(['lockStatus.connect']);

export function registerCommands(context: CommandContext): Disposable[] {
  return Object.entries(commandTable).map(([id, run]) =>
    commands.registerCommand(id, async (argument: unknown) => {
      try {
        return await run(context, argument);
      } catch (error) {
        if (forPrograms.has(id)) throw error;
        return report(context, id, error);
      }
    }),
  );
}

/** The one place where a command's failure becomes a message. */
function report({ log }: CommandContext, id: string, error: unknown): undefined {
  if (!(error instanceof HumanError)) log.failure(id, error);
  if (isFailure(error, 'cancelled')) return undefined;
  // What we did not foresee is VS Code's to show, with its stack in the log.
  if (!isFailure(error) && !(error instanceof HumanError)) throw error;
  void complain(isFailure(error) ? failureSentence(error) : error.message);
  return undefined;
}
