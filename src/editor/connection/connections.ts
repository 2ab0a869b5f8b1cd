import { commands, workspace, type Uri } from 'vscode';
import { SingleFlight } from '../../base/singleFlight';
import { Emitter } from '../../base/emitter';
import type { WrittenConnection } from '../../core/settings/connectionSetting';
import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { LockStore } from '../../core/locks/lockStore';
import type { Capabilities, ServerOf } from '../../core/model/ports';
import {
  resourceId,
  serverOf as serverIdOf,
  type ResourceId,
  type ServerId,
} from '../../core/model/resource';
import { askCredentials, type SignInQuestion } from './credentialQuestions';
import { complain } from '../messages/prompts';
import type { CredentialStore, Credentials } from './secrets';
import type { CurrentSettings } from './settings';
import { isRemote, toResource, toUri } from '../uris';
import { failureSentence, hostOf, noSignInSentence } from '../words/failureWords';

export interface ConnectionDeps {
  readonly settings: CurrentSettings;
  readonly secrets: CredentialStore;
  readonly serverOf: ServerOf;
  readonly store: LockStore;
  /** Forgets what is remembered of a server's connection, so that new credentials take effect. */
  readonly reset: (server: ServerId) => Promise<void>;
}

/** Which servers are connected, and how they are signed in to. */
export class Connections {
  private readonly asking = new SingleFlight<ServerId, boolean>();
  private readonly changed = new Emitter<ServerId>();
  /** Where the person has turned the question away, and for which folder it was. */
  private readonly turnedAway = new Map<ServerId, ResourceId>();
  private readonly declinedChanged = new Emitter<void>();

  /** A server was signed in to, or out of. */
  readonly onDidChange = this.changed.event;
  readonly onDidChangeDeclined = this.declinedChanged.event;

  constructor(private readonly deps: ConnectionDeps) {}

  /** What stands behind an address. Rejects with a RemoteFailure. */
  async probe(folder: ResourceId): Promise<Capabilities> {
    const found = await this.deps.serverOf(folder).probe(folder);
    const { locks } = found;
    if (locks !== undefined)
      this.deps.store.apply({ kind: 'lockless', server: serverIdOf(folder), is: !locks });
    return found;
  }

  /** Stores credentials, then proves them by asking; takes them back unless the server accepts them. */
  async signIn(folder: ResourceId, credentials: Credentials): Promise<Capabilities> {
    const server = serverIdOf(folder);
    const before = await this.deps.secrets.get(server);
    await this.use(server, credentials);
    try {
      const found = await this.probe(folder);
      this.welcome(server);
      return found;
    } catch (error) {
      if (!isAccepted(error)) await (before ? this.use(server, before) : this.forget(server));
      throw error;
    }
  }

  private welcome(server: ServerId): void {
    if (this.turnedAway.delete(server)) this.declinedChanged.fire();
  }

  /** Keeps the folder among the person's connections, with what they have set for it. */
  async remember(folder: ResourceId, more: WrittenConnection): Promise<void> {
    await this.deps.settings.putConnection(folder, more);
    this.changed.fire(serverIdOf(folder));
  }

  /**
   * Asks for what signs in until the server accepts it; false when the person turns away, or has set that they do not
   * sign in. One question per server.
   */
  askToSignIn(folder: ResourceId): Promise<boolean> {
    const server = serverIdOf(folder);
    return this.asking.run(server, async () => {
      const accepted = await this.askUntilAccepted(folder);
      if (accepted) this.turnedAway.delete(server);
      else this.turnedAway.set(server, folder);
      this.declinedChanged.fire();
      return accepted;
    });
  }

  /** What happened, in a sentence that knows how the person has set that they sign in. */
  sentenceOf(failure: RemoteFailure): string {
    const { auth } = this.deps.settings.connectionTo(serverIdOf(failure.resource)) ?? {};
    return auth === 'none' && isFailure(failure, 'signInNeeded')
      ? noSignInSentence(failure.resource)
      : failureSentence(failure);
  }

  /** Something in the background was refused for want of a sign-in: nobody is asked twice for that. */
  signInNeeded(folder: ResourceId): void {
    if (!this.turnedAway.has(serverIdOf(folder))) void this.askToSignIn(folder);
  }

  /** Folders for which the person did not want to sign in. */
  declined(): ResourceId[] {
    return [...this.turnedAway.values()];
  }

  /** Nobody is asked to sign in again who has just signed out; it is offered in the status bar. */
  async signOut(server: ServerId): Promise<void> {
    const open = openFolders().find((folder) => serverIdOf(folder) === server);
    this.turnedAway.set(server, open ?? resourceId(server));
    await this.forget(server);
    this.declinedChanged.fire();
    await this.deps.settings.removeConnections(server);
    this.changed.fire(server);
  }

  /** Every server that is stored or open in the workspace. */
  servers(): ServerId[] {
    const stored = this.deps.settings.get().connections.map(({ folder }) => serverIdOf(folder));
    return [...new Set([...stored, ...openFolders().map(serverIdOf)])];
  }

  isConnected(): boolean {
    return this.servers().length > 0;
  }

  /** Opens the folder: beside what is open, else in this window. */
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
      void complain(noSignInSentence(folder));
      return false;
    }
    const about = { host: hostOf(folder), auth };
    let user = await this.knownUser(folder);
    let again: SignInQuestion['again'];
    for (;;) {
      const credentials = await askCredentials({ ...about, user, ...(again && { again }) });
      if (!credentials) return false;
      user = credentials.user ?? '';
      try {
        await this.signIn(folder, credentials);
        break;
      } catch (error) {
        if (!isFailure(error)) throw error;
        if (isAccepted(error)) break;
        again = isFailure(error, 'signInNeeded') ? 'refused' : { sentence: failureSentence(error) };
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

/** The server let us in, whatever it then said of the resource: not there, not allowed, no WebDAV. */
function isAccepted(error: unknown): boolean {
  return isFailure(error) && error.status !== undefined && error.kind !== 'signInNeeded';
}

/** The remote folders of the workspace. */
export function openFolders(): ResourceId[] {
  return (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => isRemote(uri))
    .map(({ uri }) => toResource(uri));
}
