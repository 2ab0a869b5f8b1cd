import { commands, l10n, workspace, type Uri } from 'vscode';
import { SingleFlight } from '../../base/singleFlight';
import { Emitter } from '../../base/emitter';
import type { WrittenConnection } from '../../core/settings/connectionSetting';
import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { LockStore } from '../../core/locks/lockStore';
import type { Capabilities, ServerOf } from '../../core/model/ports';
import {
  pathOf,
  resourceId,
  serverOf as serverIdOf,
  type ResourceId,
  type ServerId,
} from '../../core/model/resource';
import { askCredentials, askPassphrase, confirmInClear, type SignInQuestion } from './credentialQuestions';
import { complain, warn } from '../messages/prompts';
import type { Credentials, CredentialStore, KeptCredentials } from './secrets';
import type { CurrentSettings } from './settings';
import { isRemote, toResource, toUri } from '../uris';
import { failureSentence, noSignInSentence } from '../words/failureWords';
import { originOf, realmIn } from '../words/signInWords';

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
  /** Servers to which credentials may be sent unprotected, by the person's answer. */
  private readonly allowedInClear = new Set<ServerId>();

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

  /**
   * Stores credentials for a realm, then tests them by a request; takes them back unless the server accepts them. Where
   * others could read them, the person is asked before they are sent.
   */
  async signIn(folder: ResourceId, credentials: Credentials, realm?: string): Promise<Capabilities> {
    const server = serverIdOf(folder);
    const before = await this.deps.secrets.snapshot(server);
    const below = `${pathOf(folder)}/`;
    await this.use(server, {
      ...credentials,
      below,
      ...(realm !== undefined && { realm }),
      ...(this.allowedInClear.has(server) && { inClear: true }),
    });
    try {
      const found = await this.probeAskingInClear(folder);
      this.welcome(server);
      return found;
    } catch (error) {
      if (!isAccepted(error)) {
        await this.deps.secrets.restore(server, before);
        await this.deps.reset(server);
      }
      throw error;
    }
  }

  private async probeAskingInClear(folder: ResourceId): Promise<Capabilities> {
    try {
      return await this.probe(folder);
    } catch (error) {
      if (!isFailure(error) || !(await this.isAllowedInClear(error))) throw error;
      return await this.probe(folder);
    }
  }

  /** Asks once per server whether credentials may be sent where others can read them, if that is what is missing. */
  private async isAllowedInClear({ resource, facts }: RemoteFailure): Promise<boolean> {
    const server = serverIdOf(resource);
    if (facts.signIn?.why !== 'inClear' || !(await confirmInClear(originOf(resource)))) return false;
    this.allowedInClear.add(server);
    await this.deps.secrets.note(server, facts.signIn.realm ?? '', { inClear: true });
    await this.deps.reset(server);
    return true;
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
   * sign in. `refused` is the refusal that led here. One question per server.
   */
  askToSignIn(folder: ResourceId, refused?: RemoteFailure): Promise<boolean> {
    const server = serverIdOf(folder);
    return this.asking.run(server, async () => {
      const accepted = await this.askUntilAccepted(folder, refused);
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

  /**
   * Something in the background was refused for want of a sign-in. Nobody is interrupted by a question for that: it is
   * offered once, and then in the status bar.
   */
  signInNeeded(folder: ResourceId): void {
    const server = serverIdOf(folder);
    if (this.turnedAway.has(server) || this.asking.isRunning(server)) return;
    this.turnedAway.set(server, folder);
    this.declinedChanged.fire();
    void this.offerSignIn(folder);
  }

  private async offerSignIn(folder: ResourceId): Promise<void> {
    const signIn = l10n.t('Sign In');
    const chosen = await warn(l10n.t('Sign in to {0} to see its files.', originOf(folder)), signIn);
    if (chosen === signIn) await this.askToSignIn(folder);
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

  private async askUntilAccepted(folder: ResourceId, refused?: RemoteFailure): Promise<boolean> {
    const server = serverIdOf(folder);
    const auth = this.deps.settings.connectionTo(server)?.auth;
    if (auth === 'none') {
      void complain(noSignInSentence(folder));
      return false;
    }
    const about = { server: originOf(folder), auth };
    let failure = refused ?? (await this.refusalOf(folder));
    let user = await this.knownUser(folder);
    let again: SignInQuestion['again'];
    let hasPassphrase = false;
    while (failure) {
      if (failure.facts.code === passphraseNeeded) {
        const passphrase = await askPassphrase(about.server, hasPassphrase);
        if (!passphrase) return false;
        hasPassphrase = true;
        await this.deps.secrets.setPassphrase(server, passphrase);
        await this.deps.reset(server);
        failure = await this.refusalOf(folder);
        continue;
      }
      if (failure.facts.signIn?.why === 'inClear') {
        if (again !== undefined || !(await this.isAllowedInClear(failure))) return false;
        failure = await this.refusalOf(folder);
        continue;
      }
      if (again === undefined && failure.kind !== 'signInNeeded') {
        void complain(failureSentence(failure));
        return false;
      }
      const realm = failure.facts.signIn?.realm;
      const shown = realmIn(failure);
      const credentials = await askCredentials({ ...about, realm: shown, user, ...(again && { again }) });
      if (!credentials) return false;
      user = credentials.user ?? '';
      failure = await this.refusalOf(folder, () => this.signIn(folder, credentials, realm));
      again =
        failure && (isFailure(failure, 'signInNeeded') ? 'refused' : { sentence: failureSentence(failure) });
    }
    this.changed.fire(server);
    return true;
  }

  /** Why the server does not let us in; undefined where it does, whatever it says about the folder. */
  private async refusalOf(
    folder: ResourceId,
    run: () => Promise<unknown> = () => this.probe(folder),
  ): Promise<RemoteFailure | undefined> {
    try {
      await run();
      return undefined;
    } catch (error) {
      if (!isFailure(error)) throw error;
      return isAccepted(error) ? undefined : error;
    }
  }

  private async knownUser(folder: ResourceId): Promise<string> {
    const server = serverIdOf(folder);
    const stored = this.deps.settings.connectionTo(server);
    return (await this.deps.secrets.get(server))?.user ?? stored?.user ?? '';
  }

  private async use(server: ServerId, credentials: KeptCredentials): Promise<void> {
    await this.deps.secrets.set(server, credentials);
    await this.deps.reset(server);
  }

  private async forget(server: ServerId): Promise<void> {
    await this.deps.secrets.forget(server);
    await this.deps.reset(server);
  }
}

const passphraseNeeded = 'CLIENT_CERTIFICATE_PASSPHRASE';

/** The server let us in, whatever it then said about the resource: not there, not allowed, no WebDAV. */
function isAccepted(error: unknown): boolean {
  return isFailure(error) && error.status !== undefined && error.status !== 401 && error.status !== 407;
}

/** The remote folders of the workspace. */
export function openFolders(): ResourceId[] {
  return (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => isRemote(uri))
    .map(({ uri }) => toResource(uri));
}
