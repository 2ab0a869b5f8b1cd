import { l10n, workspace } from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { serverOf, type ResourceId, type ServerId } from '../../core/model/resource';
import { openFolders } from '../connection/connections';
import { showError, showInformation } from '../messages/prompts';
import { isRemote, toResource } from '../uris';
import type { ServerTrust } from './serverTrust';
import { meaningOfTrust, trustQuestion } from './words';

/** Asks at first contact with a server whether to trust it: once, and without taking the focus. */
export class TrustQuestions implements Disposable {
  private readonly owned = new Disposables();
  /** Not asked again in this window, even if the person closed the question. */
  private readonly asked = new Set<ServerId>();

  constructor(
    private readonly trust: ServerTrust,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.owned.add(workspace.onDidChangeWorkspaceFolders(() => this.askAboutOpen()));
    this.askAboutOpen();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private askAboutOpen(): void {
    for (const folder of contacted()) {
      const server = serverOf(folder);
      if (this.asked.has(server) || this.trust.of(server) !== 'undecided') continue;
      this.asked.add(server);
      void this.ask(folder);
    }
  }

  private async ask(folder: ResourceId): Promise<void> {
    const server = serverOf(folder);
    const yes = l10n.t('Trust');
    const no = l10n.t('Keep Restricted');
    const answer = await showInformation(`${trustQuestion(server)} ${meaningOfTrust(server)}`, yes, no);
    if (answer === undefined) return;
    try {
      await this.trust.decide(folder, answer === yes);
    } catch (error) {
      this.onFault(error);
      void showError(error instanceof Error ? error.message : String(error));
    }
  }
}

/** The remote folders of the workspace, and the file that describes it. */
function contacted(): ResourceId[] {
  const { workspaceFile } = workspace;
  return [...openFolders(), ...(workspaceFile && isRemote(workspaceFile) ? [toResource(workspaceFile)] : [])];
}
