import { l10n, workspace } from 'vscode';
import { serverOf, type ResourceId, type ServerId } from '../../core/model/resource';
import { openFolders } from '../connection/openFolders';
import { showError, showInformation } from '../messages/prompts';
import { isRemote, toResource } from '../uris';
import type { ServerTrust } from './serverTrust';
import { meaningOfTrust, trustQuestion } from './words';

/** Asks at first contact with a server whether to trust it: once, and without taking the focus. */
export class TrustQuestions {
  /** Not asked again in this window, even if the person closed the question. */
  private readonly asked = new Set<ServerId>();

  constructor(
    private readonly trust: ServerTrust,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** Only folders of the workspace have a say in the editor; of others nothing is read but files that the person opens. */
  contacted(resource: ResourceId): void {
    const server = serverOf(resource);
    if (this.asked.has(server) || this.trust.of(server) !== 'undecided') return;
    const folder = workspacePlaces().find((place) => serverOf(place) === server);
    if (!folder) return;
    this.asked.add(server);
    void this.ask(folder);
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
function workspacePlaces(): ResourceId[] {
  const { workspaceFile } = workspace;
  return [...openFolders(), ...(workspaceFile && isRemote(workspaceFile) ? [toResource(workspaceFile)] : [])];
}
