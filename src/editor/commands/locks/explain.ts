import { commands } from 'vscode';
import type { Command } from '../commandContext';
import { targetOf } from '../target';

/** Opens the page that explains why a save is refused, how certain that is, and what to do. */
export const explain: Command<'blockedSaves' | 'explanations'> = async (context, argument) => {
  await context.explanations.show(targetOf(context, argument));
  // The message that led here would cover the buttons of the page; it stays behind the bell.
  await commands.executeCommand('notifications.hideToasts');
};
