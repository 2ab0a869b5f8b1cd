import { commands } from 'vscode';
import type { Clock } from '../../core/model/ports';
import { showInformation } from './prompts';

/** VS Code hides an information message by itself after about ten seconds. */
const messageMs = 12_000;

/** Information that can be withdrawn while it is on the screen, because it is no longer true. */
export class PassingMessage {
  private shown: { readonly until: number } | undefined;

  constructor(private readonly clock: Clock) {}

  /** Resolves to the chosen action. */
  async show(message: string, ...actions: readonly string[]): Promise<string | undefined> {
    const shown = (this.shown = { until: this.clock.now().mono + messageMs });
    const chosen = await showInformation(message, ...actions);
    if (this.shown === shown) this.shown = undefined;
    return chosen;
  }

  /** VS Code can only hide all messages: this is for one that has hardly been there. */
  async withdraw(): Promise<void> {
    const { shown } = this;
    this.shown = undefined;
    if (shown && this.clock.now().mono < shown.until)
      await commands.executeCommand('notifications.hideToasts');
  }
}
