import { l10n } from 'vscode';
import { Owner } from '../../base/disposable';
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
import { confirmInClear } from './credentialQuestions';
import { showWarning } from '../messages/prompts';
import { signInInteractively, type InteractiveSignInDeps, type SignInWay } from './interactiveSignIn';
import type { Account, Credentials, KeptCredentials } from './secrets';
import { openFolders } from './openFolders';
import type { SignInSteps } from './signInDialog';
import { failureSentence, noSignInSentence } from '../words/failureWords';
import { originOf } from '../words/signInWords';

export interface ConnectionDeps extends InteractiveSignInDeps {
  readonly filesOf: FilesOf;
  readonly store: LockStore;
  /** Drops the connection state of a server, so that new credentials take effect. */
  readonly reset: (server: ServerId) => Promise<void>;
  /** A connection or sign-in was refused: for the log. */
  readonly onRefused?: (failure: RemoteFailure) => void;
}

/** A folder that shows nothing before somebody signs in. */
export interface Declined {
  readonly folder: ResourceId;
  /** The person wanted to open it. */
  readonly isToOpen?: boolean;
}

/** The connected servers and the sign-in to each of them. */
export class Connections extends Owner {
  private readonly asking = new SingleFlight<ServerId, boolean>();
  private readonly checking = new SingleFlight<ResourceId, RemoteFailure | undefined>();
  private readonly changed = this.owned.add(new Emitter<ServerId>());
  /** Servers where the user declined to sign in, with the folder that the prompt was for. */
  private readonly declinedFolders = new Map<ServerId, Declined>();
  private readonly declinedChanged = this.owned.add(new Emitter<void>());
  private readonly accepted = new Set<ServerId>();
  /** Servers to which credentials may be sent unprotected, by the person's answer. */
  private readonly allowedInClear = new Set<ServerId>();

  private readonly replaced = this.owned.add(new Emitter<ServerId>());

  /** Credentials were stored, exchanged or forgotten: what the former account has read is no longer this one's to see. */
  readonly onDidReplaceCredentials = this.replaced.event;
  /** The sign-in or the stored connection of a server changed. */
  readonly onDidChange = this.changed.event;
  readonly onDidChangeDeclined = this.declinedChanged.event;

  constructor(private readonly deps: ConnectionDeps) {
    super();
  }

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
        await this.startAnew(server);
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
    this.accepted.add(server);
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
   * sign in. One question per server.
   */
  askToSignIn(folder: ResourceId, how: SignInWay = {}): Promise<boolean> {
    const server = serverIdOf(folder);
    return this.asking.run(server, async () => {
      const accepted = await signInInteractively(folder, how, this.stepsFor(folder), this.deps);
      if (accepted) this.declinedFolders.delete(server);
      else this.declinedFolders.set(server, { folder, isToOpen: how.isToOpen === true });
      this.declinedChanged.fire();
      if (accepted) this.changed.fire(server);
      return accepted;
    });
  }

  /** For the log. */
  noteRefused(failure: RemoteFailure): void {
    this.deps.onRefused?.(failure);
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
    void this.offerSignIn(folder, this.accepted.has(server));
  }

  /** Where a sign-in was accepted before, only a new refusal counts: a request from before it may be answered late. */
  private async offerSignIn(folder: ResourceId, wasAccepted: boolean): Promise<void> {
    const server = serverIdOf(folder);
    // Not one check per server: an account may be good for one folder and refused for the next.
    const check = () => this.checking.run(folder, () => this.refusalOf(folder));
    if (wasAccepted && !isFailure(await check(), 'signInNeeded')) return;
    if (this.declinedFolders.has(server) || this.asking.isRunning(server)) return;
    this.declinedFolders.set(server, { folder });
    this.declinedChanged.fire();
    const signIn = l10n.t('Sign In…');
    const chosen = await showWarning(l10n.t('Sign in to {0} to see its files.', originOf(folder)), signIn);
    if (chosen === signIn) await this.askToSignIn(folder);
  }

  /** Where the user declined to sign in, or is needed for it. */
  declined(): readonly Declined[] {
    return [...this.declinedFolders.values()];
  }

  /** The accounts that sign in to a server, the one in use first. */
  accounts(server: ServerId): Promise<readonly Account[]> {
    return this.deps.secrets.accounts(server);
  }

  /** Signs in with another account that is kept already. Rejects with a RemoteFailure if the server refuses it. */
  async useAccount(folder: ResourceId, account: Account): Promise<void> {
    const server = serverIdOf(folder);
    const before = await this.deps.secrets.snapshot(server);
    await this.deps.secrets.use(server, account);
    await this.startAnew(server);
    const failure = await this.refusalOf(folder);
    if (failure) {
      await this.deps.secrets.restore(server, before);
      await this.startAnew(server);
      throw failure;
    }
    this.clearDeclined(server);
    this.changed.fire(server);
  }

  /** Counts as declined, so that the status bar offers the next sign-in instead of a prompt. */
  async signOut(server: ServerId): Promise<void> {
    const open = openFolders().find((folder) => serverIdOf(folder) === server);
    this.declinedFolders.set(server, { folder: open ?? resourceId(server) });
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

  /** The stored user name. */
  async userOf(folder: ResourceId): Promise<string | undefined> {
    return (await this.deps.secrets.get(serverIdOf(folder)))?.user;
  }

  private stepsFor(folder: ResourceId): SignInSteps {
    const server = serverIdOf(folder);
    return {
      refusal: () => this.refusalOf(folder),
      signIn: async (credentials, realm) => {
        const failure = await this.refusalOf(folder, () => this.signIn(folder, credentials, realm));
        if (failure) this.deps.onRefused?.(failure);
        return failure;
      },
      allowInClear: (failure) => this.isAllowedInClear(failure),
      usePassphrase: async (passphrase) => {
        await this.deps.secrets.setPassphrase(server, passphrase);
        await this.deps.reset(server);
      },
    };
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

  private async use(server: ServerId, credentials: KeptCredentials): Promise<void> {
    await this.deps.secrets.set(server, credentials);
    await this.startAnew(server);
  }

  private async forget(server: ServerId): Promise<void> {
    await this.deps.secrets.forget(server);
    await this.startAnew(server);
  }

  /** Another account may sign in from now on: neither contents nor connections of the former one are used for it. */
  private async startAnew(server: ServerId): Promise<void> {
    this.replaced.fire(server);
    await this.deps.reset(server);
  }
}

/** The server let us in, whatever it then said about the resource: not there, not allowed, no WebDAV. */
function isAccepted(error: unknown): boolean {
  return isFailure(error) && error.status !== undefined && error.status !== 401 && error.status !== 407;
}
