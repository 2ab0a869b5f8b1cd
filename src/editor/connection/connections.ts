import { commands, l10n, workspace, type Uri } from 'vscode';
import { SingleFlight } from '../../base/singleFlight';
import { Emitter } from '../../base/emitter';
import type { WrittenConnection } from '../../core/settings/connectionSetting';
import { isFailure, type RemoteFailure } from '../../core/model/failure';
import type { LockStore } from '../../core/locks/lockStore';
import type { Capabilities, FilesOf } from '../../core/model/ports';
import {
  pathOf,
  resourceId,
  serverOf as serverIdOf,
  type ResourceId,
  type ServerId,
} from '../../core/model/resource';
import { askCredentials, askPassphrase, confirmInClear, type SignInQuestion } from './credentialQuestions';
import { choose, showError, showWarning } from '../messages/prompts';
import type { Credentials, CredentialStore, KeptCredentials } from './secrets';
import type { CurrentSettings } from './settings';
import { isRemote, toResource, toUri } from '../uris';
import { plain } from '../words/plainText';
import { failureSentence, noSignInSentence } from '../words/failureWords';
import { originOf, realmIn } from '../words/signInWords';

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
  /** Servers to which credentials may be sent unprotected, by the person's answer. */
  private readonly allowedInClear = new Set<ServerId>();

  private readonly replaced = new Emitter<ServerId>();

  /** Credentials were stored or forgotten: what the former account has read is no longer this one's to see. */
  readonly onDidReplaceCredentials = this.replaced.event;
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
      this.clearDeclined(server);
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

  private clearDeclined(server: ServerId): void {
    if (this.declinedFolders.delete(server)) this.declinedChanged.fire();
  }

  /** Stores the folder and its options in the user's connection settings. */
  async remember(folder: ResourceId, more: WrittenConnection): Promise<void> {
    await this.deps.settings.putConnection(folder, more);
    this.changed.fire(serverIdOf(folder));
  }

  /** Stores that the user trusts the folder's server. */
  trust(folder: ResourceId): Promise<void> {
    return this.deps.settings.putTrust(folder, true);
  }

  /**
   * Asks for what signs in until the server accepts it; false when the person turns away, or has set that they do not
   * sign in. `refused` is the refusal that led here. One question per server.
   */
  askToSignIn(folder: ResourceId, refused?: RemoteFailure): Promise<boolean> {
    const server = serverIdOf(folder);
    return this.asking.run(server, async () => {
      const accepted = await this.askUntilAccepted(folder, refused);
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

  /**
   * Something in the background was refused for want of a sign-in. Nobody is interrupted by a question for that: it is
   * offered once, and then in the status bar.
   */
  signInNeeded(folder: ResourceId): void {
    const server = serverIdOf(folder);
    if (this.declinedFolders.has(server) || this.asking.isRunning(server)) return;
    this.declinedFolders.set(server, folder);
    this.declinedChanged.fire();
    void this.offerSignIn(folder);
  }

  private async offerSignIn(folder: ResourceId): Promise<void> {
    const signIn = l10n.t('Sign In');
    const chosen = await showWarning(l10n.t('Sign in to {0} to see its files.', originOf(folder)), signIn);
    if (chosen === signIn) await this.askToSignIn(folder);
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

  /**
   * Opens the folder in this window if nothing is open, and adds it to a workspace of remote folders. Beside local
   * folders a new window is the default: an added folder shares the trust that the user has given to those.
   */
  async open(folder: ResourceId, name: string): Promise<void> {
    const uri: Uri = toUri(folder);
    const open = workspace.workspaceFolders ?? [];
    if (open.some((known) => known.uri.toString() === uri.toString())) return;
    const isEmpty = open.length === 0;
    const where = open.every((known) => isRemote(known.uri)) ? 'here' : await chooseWindow(name);
    if (where === 'here' && !isEmpty) workspace.updateWorkspaceFolders(open.length, 0, { uri, name });
    else if (where !== undefined)
      await commands.executeCommand(
        'vscode.openFolder',
        uri,
        isEmpty ? { forceReuseWindow: true } : { forceNewWindow: true },
      );
  }

  dispose(): void {
    this.changed.dispose();
    this.replaced.dispose();
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
      void showError(noSignInSentence(folder));
      return false;
    }
    const about = { server: originOf(folder), auth };
    let failure = refused ?? (await this.refusalOf(folder));
    let user = await this.knownUser(folder);
    let previousFailure: SignInQuestion['previousFailure'];
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
        if (previousFailure !== undefined || !(await this.isAllowedInClear(failure))) return false;
        failure = await this.refusalOf(folder);
        continue;
      }
      if (previousFailure === undefined && failure.kind !== 'signInNeeded') {
        void showError(failureSentence(failure));
        return false;
      }
      const realm = failure.facts.signIn?.realm;
      const shown = realmIn(failure);
      const credentials = await askCredentials({
        ...about,
        realm: shown,
        user,
        ...(previousFailure && { previousFailure }),
      });
      if (!credentials) return false;
      user = credentials.user ?? '';
      failure = await this.refusalOf(folder, () => this.signIn(folder, credentials, realm));
      previousFailure =
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
    this.replaced.fire(server);
    await this.deps.reset(server);
  }

  private async forget(server: ServerId): Promise<void> {
    await this.deps.secrets.forget(server);
    this.replaced.fire(server);
    await this.deps.reset(server);
  }
}

const passphraseNeeded = 'CLIENT_CERTIFICATE_PASSPHRASE';

/** The server let us in, whatever it then said about the resource: not there, not allowed, no WebDAV. */
function isAccepted(error: unknown): boolean {
  return isFailure(error) && error.status !== undefined && error.status !== 401 && error.status !== 407;
}

/** Where to open a folder while local folders are open; undefined if the user cancels. */
async function chooseWindow(name: string): Promise<'new' | 'here' | undefined> {
  const chosen = await choose(l10n.t('Open {0}', plain(name, 80)), [
    {
      label: l10n.t('Open in New Window'),
      description: l10n.t('Apart from the local folders that are open here'),
      where: 'new' as const,
    },
    {
      label: l10n.t('Add to Workspace'),
      description: l10n.t('Beside the local folders that are open here'),
      where: 'here' as const,
    },
  ]);
  return chosen?.where;
}

/** The remote folders of the workspace. */
export function openFolders(): ResourceId[] {
  return (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => isRemote(uri))
    .map(({ uri }) => toResource(uri));
}
