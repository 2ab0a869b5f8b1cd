import { commands, workspace, type Uri } from 'vscode';
import { SingleFlight } from '../../base/singleFlight';
import { Emitter } from '../../base/emitter';
import type { WrittenConnection } from '../../core/settings/connectionSetting';
import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { LockStore } from '../../core/locks/lockStore';
import type { Capabilities, FilesOf } from '../../core/model/ports';
import {
  resourceId,
  serverOf as serverIdOf,
  type ResourceId,
  type ServerId,
} from '../../core/model/resource';
import { askCredentials, type SignInQuestion } from './credentialQuestions';
import { showError } from '../messages/prompts';
import type { CredentialStore, Credentials } from './secrets';
import type { CurrentSettings } from './settings';
import { isRemote, toResource, toUri } from '../uris';
import { failureSentence, hostOf, noSignInSentence } from '../words/failureWords';

export interface ConnectionDeps {
  readonly settings: CurrentSettings;
  readonly secrets: CredentialStore;
  readonly filesOf: FilesOf;
  readonly store: LockStore;
  /** Drops the connection state of a server, so that new credentials take effect. */
  readonly reset: (server: ServerId) => Promise<void>;
}

/** The connected servers and the sign-in to each of them. */
export class Connections {
  private readonly asking = new SingleFlight<ServerId, boolean>();
  private readonly changed = new Emitter<ServerId>();
  /** Servers where the user declined to sign in, with the folder that the prompt was for. */
  private readonly declinedFolders = new Map<ServerId, ResourceId>();
  private readonly declinedChanged = new Emitter<void>();

  /** The sign-in or the stored connection of a server changed. */
  readonly onDidChange = this.changed.event;
  readonly onDidChangeDeclined = this.declinedChanged.event;

  constructor(private readonly deps: ConnectionDeps) {}

  /** Finds out what is at an address. Rejects with a RemoteFailure. */
  async probe(folder: ResourceId): Promise<Capabilities> {
    const found = await this.deps.filesOf(folder).probe(folder);
    const { locks } = found;
    if (locks !== undefined) this.deps.store.apply({ kind: 'lockless', folder, is: !locks });
    return found;
  }

  /**
   * Stores credentials and tests them with a request; restores the previous ones unless the server accepts them.
   */
  async signIn(folder: ResourceId, credentials: Credentials): Promise<Capabilities> {
    const server = serverIdOf(folder);
    const before = await this.deps.secrets.get(server);
    await this.use(server, credentials);
    try {
      const found = await this.probe(folder);
      this.clearDeclined(server);
      return found;
    } catch (error) {
      if (!isAccepted(error)) await (before ? this.use(server, before) : this.forget(server));
      throw error;
    }
  }

  private clearDeclined(server: ServerId): void {
    if (this.declinedFolders.delete(server)) this.declinedChanged.fire();
  }

  /** Stores the folder and its options in the user's connection settings. */
  async remember(folder: ResourceId, more: WrittenConnection): Promise<void> {
    await this.deps.settings.putConnection(folder, more);
    this.changed.fire(serverIdOf(folder));
  }

  /**
   * Prompts until the server accepts the credentials; false if the user cancels or `auth` is set to `none`. One
   * prompt per server at a time.
   */
  askToSignIn(folder: ResourceId): Promise<boolean> {
    const server = serverIdOf(folder);
    return this.asking.run(server, async () => {
      const accepted = await this.askUntilAccepted(folder);
      if (accepted) this.declinedFolders.delete(server);
      else this.declinedFolders.set(server, folder);
      this.declinedChanged.fire();
      return accepted;
    });
  }

  /** The failure as a sentence that takes the `auth` setting of the connection into account. */
  sentenceOf(failure: RemoteFailure): string {
    const { auth } = this.deps.settings.connectionTo(serverIdOf(failure.resource)) ?? {};
    return auth === 'none' && isFailure(failure, 'signInNeeded')
      ? noSignInSentence(failure.resource)
      : failureSentence(failure);
  }

  /** Asks for a sign-in after a background request was refused, unless the user declined before. */
  signInNeeded(folder: ResourceId): void {
    if (!this.declinedFolders.has(serverIdOf(folder))) void this.askToSignIn(folder);
  }

  /** Folders where the user declined to sign in. */
  declined(): ResourceId[] {
    return [...this.declinedFolders.values()];
  }

  /** Counts as declined, so that the status bar offers the next sign-in instead of a prompt. */
  async signOut(server: ServerId): Promise<void> {
    const open = openFolders().find((folder) => serverIdOf(folder) === server);
    this.declinedFolders.set(server, open ?? resourceId(server));
    await this.forget(server);
    this.declinedChanged.fire();
    await this.deps.settings.removeConnections(server);
    this.changed.fire(server);
  }

  /** The servers of all stored connections and open folders. */
  servers(): ServerId[] {
    const stored = this.deps.settings.get().connections.map(({ folder }) => serverIdOf(folder));
    return [...new Set([...stored, ...openFolders().map(serverIdOf)])];
  }

  isConnected(): boolean {
    return this.servers().length > 0;
  }

  /** Adds the folder to the open workspace, or opens it in this window if nothing is open. */
  async open(folder: ResourceId, name: string): Promise<void> {
    const uri: Uri = toUri(folder);
    const open = workspace.workspaceFolders ?? [];
    if (open.some((known) => known.uri.toString() === uri.toString())) return;
    if (open.length > 0) workspace.updateWorkspaceFolders(open.length, 0, { uri, name });
    else await commands.executeCommand('vscode.openFolder', uri, { forceReuseWindow: true });
  }

  dispose(): void {
    this.changed.dispose();
    this.declinedChanged.dispose();
  }

  /** The stored user name. */
  async userOf(folder: ResourceId): Promise<string | undefined> {
    return (await this.deps.secrets.get(serverIdOf(folder)))?.user;
  }

  private async askUntilAccepted(folder: ResourceId): Promise<boolean> {
    const auth = this.deps.settings.connectionTo(serverIdOf(folder))?.auth;
    if (auth === 'none') {
      void showError(noSignInSentence(folder));
      return false;
    }
    const about = { host: hostOf(folder), auth };
    let user = await this.knownUser(folder);
    let previousFailure: SignInQuestion['previousFailure'];
    for (;;) {
      const credentials = await askCredentials({
        ...about,
        user,
        ...(previousFailure && { previousFailure }),
      });
      if (!credentials) return false;
      user = credentials.user ?? '';
      try {
        await this.signIn(folder, credentials);
        break;
      } catch (error) {
        if (!isFailure(error)) throw error;
        if (isAccepted(error)) break;
        previousFailure = isFailure(error, 'signInNeeded') ? 'refused' : { sentence: failureSentence(error) };
      }
    }
    this.changed.fire(serverIdOf(folder));
    return true;
  }

  private async knownUser(folder: ResourceId): Promise<string> {
    const server = serverIdOf(folder);
    const stored = this.deps.settings.connectionTo(server);
    return (await this.deps.secrets.get(server))?.user ?? stored?.user ?? '';
  }

  private async use(server: ServerId, credentials: Credentials): Promise<void> {
    await this.deps.secrets.set(server, credentials);
    await this.deps.reset(server);
  }

  private async forget(server: ServerId): Promise<void> {
    await this.deps.secrets.forget(server);
    await this.deps.reset(server);
  }
}

/** Whether the server accepted the credentials, even if it then failed: not found, forbidden, no WebDAV. */
function isAccepted(error: unknown): boolean {
  return isFailure(error) && error.status !== undefined && error.kind !== 'signInNeeded';
}

/** The remote folders of the workspace. */
export function openFolders(): ResourceId[] {
  return (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => isRemote(uri))
    .map(({ uri }) => toResource(uri));
}
