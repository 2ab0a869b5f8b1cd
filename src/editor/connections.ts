import { commands, l10n, workspace, type Uri } from 'vscode';
import { SingleFlight } from '../base/singleFlight';
import { Emitter } from '../base/emitter';
import { isFailure } from '../core/failure';
import type { LockStore } from '../core/lockStore';
import type { Capabilities, ServerOf } from '../core/ports';
import {
  nameOf,
  resourceId,
  serverOf as serverIdOf,
  urlOf,
  type ResourceId,
  type ServerId,
} from '../core/resource';
import { Secret } from '../core/secret';
import type { Connection } from '../core/settings';
import { readAddress } from './address';
import { ask } from './prompts';
import type { CredentialStore, Credentials } from './secrets';
import type { CurrentSettings } from './settings';
import { isRemote, toResource, toUri } from './uris';
import { failureSentence, hostOf } from './failureWords';

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
    this.deps.store.apply({ kind: 'lockless', server: serverIdOf(folder), is: !found.locks });
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
  async remember(folder: ResourceId, more: Partial<Connection>): Promise<void> {
    const { settings } = this.deps;
    const known = settings.get().connections.find(({ url }) => readAddress(url) === folder);
    const fresh = { name: nameOf(folder), url: urlOf(folder, 'collection') };
    await settings.putConnection({ ...fresh, ...known, ...more }, known);
    this.changed.fire(serverIdOf(folder));
  }

  /** Asks for a name and password until the server accepts them; false when the person turns away. One question per server. */
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
    const urls = this.deps.settings.get().connections.map(({ url }) => url);
    await this.deps.settings.removeConnections(
      new Set(urls.filter((url) => new URL(url).origin === String(server))),
    );
    this.changed.fire(server);
  }

  /** Every server that is stored or open in the workspace. */
  servers(): ServerId[] {
    const stored = this.deps.settings.get().connections.map(({ url }) => new URL(url).origin as ServerId);
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
    const title = l10n.t('Sign In to {0}', hostOf(folder));
    let prompt = l10n.t('User name. Leave it empty to use an access token.');
    let value = await this.knownUser(folder);
    for (;;) {
      const user = await ask({ title, prompt, value });
      if (user === undefined) return false;
      value = user;
      const secret = await ask({
        title,
        prompt: user === '' ? l10n.t('Access token') : l10n.t('Password of {0}', user),
        secret: true,
      });
      if (secret === undefined) return false;
      try {
        await this.signIn(
          folder,
          user === '' ? { token: new Secret(secret) } : { user, password: new Secret(secret) },
        );
        break;
      } catch (error) {
        if (!isFailure(error)) throw error;
        if (isAccepted(error)) break;
        prompt = isFailure(error, 'signInNeeded')
          ? l10n.t(
              'The server did not accept this name and password. User name, or empty to use an access token:',
            )
          : failureSentence(error);
      }
    }
    this.changed.fire(serverIdOf(folder));
    return true;
  }

  private async knownUser(folder: ResourceId): Promise<string> {
    const server = serverIdOf(folder);
    const stored = this.deps.settings
      .get()
      .connections.find(({ url }) => new URL(url).origin === String(server));
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
