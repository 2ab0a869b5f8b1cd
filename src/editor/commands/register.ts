import { commands, type Disposable } from 'vscode';
import { isFailure } from '../../core/model/failure';
import { HumanError } from '../messages/humanError';
import { showRefusal, stepAfter } from '../messages/nextStep';
import { showError } from '../messages/prompts';
import { failureSentence } from '../words/failureWords';
import type { CommandContext, Needs } from './commandContext';
import { commandTable } from './table';

/** Commands for programs, which need the error itself instead of a message. */
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

/** The only place where a command's failure becomes a message. */
function report({ log }: Needs<'log'>, id: string, error: unknown): undefined {
  if (!(error instanceof HumanError)) log.failure(id, error);
  if (isFailure(error, 'canceled')) return undefined;
  // VS Code shows unexpected errors itself; the stack is in the log.
  if (!isFailure(error) && !(error instanceof HumanError)) throw error;
  if (isFailure(error)) void showRefusal(failureSentence(error), stepAfter(error));
  else if (error.next) void showRefusal(error.message, error.next);
  else void showError(error.message);
  return undefined;
}
