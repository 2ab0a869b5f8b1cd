import { commands } from 'vscode';
import type { Clock } from '../../core/model/ports';
import type { ResourceId } from '../../core/model/resource';

/** VS Code hides a message that asks nothing by itself after about this time. */
const messageMs = 12_000;

/** A message about a file that must not stay beside what is said next of that file. */
export class PassingMessage {
  private shown: { readonly resource: ResourceId; readonly until: number } | undefined;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** The message is about to be shown. */
  begin(resource: ResourceId): void {
    this.shown = { resource, until: this.clock.now().mono + messageMs };
  }

  /** Hides the message if it is about this file and still there. */
  async end(resource: ResourceId): Promise<void> {
    const { shown } = this;
    if (shown?.resource !== resource) return;
    this.shown = undefined;
    if (this.clock.now().mono < shown.until) await commands.executeCommand('notifications.hideToasts');
  }
}
