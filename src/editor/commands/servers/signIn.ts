import { l10n, Uri } from 'vscode';
import { serverOf, resourceId, type ResourceId, type ServerId } from '../../../core/model/resource';
import type { Declined } from '../../connection/connections';
import { openFolders } from '../../connection/openFolders';
import type { Account } from '../../connection/secrets';
import { HumanError } from '../../messages/humanError';
import { choose } from '../../messages/prompts';
import { showStatusMessage } from '../../messages/statusMessage';
import { isRemote, toResource } from '../../uris';
import { displayNameOf, plain } from '../../words/plainText';
import { realmIn } from '../../words/signInWords';
import type { Command, Needs } from '../commandContext';
import { openRemoteFolder, openWanted } from './openRemoteFolder';
import { targetOf } from '../target';

type SignInNeeds = 'blockedSaves' | 'connections' | 'directory' | 'leases' | 'log' | 'places' | 'settings';

/** Signs in to the server of a file, of a row, of a blocked save or of the person's choice; also with another account. */
export const signIn: Command<SignInNeeds> = async (context, argument) => {
  const { connections } = context;
  // Where no server is known yet, one signs in on the way to a folder.
  if (argument === undefined && !isAnyKnown(context))
    return void (await openRemoteFolder(context, undefined));
  const folder = await folderToSignIn(context, argument);
  if (!folder) return;
  const declined = declinedAt(context, serverOf(folder));
  const accounts = await connections.accounts(serverOf(folder));
  if (declined || accounts.length === 0) {
    // Without a refusal the person wants to sign in all the same: for reading the server may ask nobody.
    const how = declined ? { isToOpen: declined.isToOpen === true } : { isNewAccount: true };
    if (!(await connections.askToSignIn(declined?.folder ?? folder, how))) return;
  } else if (!(await changeAccount(context, folder, accounts))) return;
  if (declined?.isToOpen) await openWanted(context, declined.folder);
  else await confirmAccount(context, folder);
};

function isAnyKnown({ connections }: Needs<'connections'>): boolean {
  return connections.declined().length > 0 || connections.isConnected();
}

function declinedAt({ connections }: Needs<'connections'>, server: ServerId): Declined | undefined {
  return connections.declined().find(({ folder }) => serverOf(folder) === server);
}

async function folderToSignIn(
  context: Needs<'blockedSaves' | 'connections' | 'settings'>,
  argument: unknown,
): Promise<ResourceId | undefined> {
  if (argument !== undefined) return targetOf(context, argument);
  const { connections } = context;
  const [waiting, ...others] = connections.declined();
  if (waiting && others.length === 0) return waiting.folder;
  const known = connections.servers();
  const server = known.length === 1 ? known[0] : await chooseServer(context, l10n.t('Sign In'));
  return server && (openFolders().find((open) => serverOf(open) === server) ?? savedAt(context, server));
}

function savedAt({ settings }: Needs<'settings'>, server: ServerId): ResourceId {
  return settings.connectionTo(server)?.folder ?? resourceId(server);
}

/** Whether another account is in use now. */
async function changeAccount(
  context: Needs<SignInNeeds>,
  folder: ResourceId,
  accounts: readonly Account[],
): Promise<boolean> {
  const { connections } = context;
  const items = [
    ...accounts.map((account, index) => ({
      label: accountName(account),
      description: [index === 0 ? l10n.t('in use') : [], realmIn(account.realm) ?? []].flat().join(' · '),
      account,
    })),
    { label: `$(add) ${l10n.t('Use Another Account…')}`, description: '', account: undefined },
  ];
  const chosen = await choose(l10n.t('Sign In to {0}', serverOf(folder)), items);
  if (!chosen || chosen.account === accounts[0]) return false;
  // The locks of an account can be released by no other.
  const unreleased = await releaseAllAt(context, serverOf(folder));
  if (unreleased.length > 0)
    throw new HumanError(
      l10n.t(
        'The account wasn’t changed because these locks of yours couldn’t be released: {0}. Try again, or wait until they expire.',
        unreleased.join(', '),
      ),
    );
  if (!chosen.account) return connections.askToSignIn(folder, { isNewAccount: true });
  await connections.useAccount(folder, chosen.account);
  return true;
}

function accountName({ user }: Account): string {
  return user === undefined ? l10n.t('Access token') : plain(user, 80);
}

/** Says what is known: a server that asked nobody has not accepted the account yet. */
async function confirmAccount({ connections }: Needs<'connections'>, folder: ResourceId): Promise<void> {
  const [account] = await connections.accounts(serverOf(folder));
  const { host } = new URL(serverOf(folder));
  if (!account) return;
  const who = accountName(account);
  showStatusMessage(
    account.realm === undefined
      ? l10n.t('Kept for {1}, which hasn’t asked for it so far: {0}', who, host)
      : l10n.t('Signed in to {0}: {1}', host, who),
  );
}

export const signOut: Command<'connections' | 'leases' | 'log' | 'settings'> = async (context, argument) => {
  const server =
    argument instanceof Uri ? signedInTo(argument) : await chooseServer(context, l10n.t('Sign Out'));
  if (!server) return;
  // Release first: without the account's credentials these locks could not be released.
  const unreleased = await releaseAllAt(context, server);
  await context.connections.signOut(server);
  const { host } = new URL(server);
  if (unreleased.length === 0) return showStatusMessage(l10n.t('Signed out of {0}.', host));
  throw new HumanError(
    l10n.t(
      'Signed out of {0}, but these locks of yours couldn’t be released and stay until they expire: {1}. Sign in again to release them.',
      host,
      unreleased.join(', '),
    ),
  );
};

function signedInTo(uri: Uri): ServerId {
  if (isRemote(uri)) return serverOf(toResource(uri));
  throw new HumanError(
    l10n.t('{0} isn’t on a remote server, so there is nothing to sign out of.', plain(uri.toString(true))),
  );
}

/** The names of the files whose lock could not be released. */
async function releaseAllAt(
  { leases, log }: Needs<'leases' | 'log'>,
  server: ServerId,
): Promise<readonly string[]> {
  const held = leases.held().filter(({ resource }) => serverOf(resource) === server);
  const results = await Promise.allSettled(held.map(({ resource }) => leases.release(resource)));
  return held.flatMap(({ resource }, index) => {
    const result = results[index];
    if (result?.status !== 'rejected') return [];
    log.failure(`Releasing the lock on ${resource}`, result.reason);
    return [displayNameOf(resource)];
  });
}

async function chooseServer(
  context: Needs<'connections' | 'settings'>,
  title: string,
): Promise<ServerId | undefined> {
  const servers = context.connections.servers();
  if (servers.length === 0)
    throw new HumanError(l10n.t('No servers are saved or open. Use "Locks: Open Remote Folder…" first.'));
  const { connections } = context.settings.get();
  const items = servers.map(async (server) => {
    const saved = connections.filter(({ folder }) => serverOf(folder) === server);
    const accounts = await context.connections.accounts(server);
    return {
      label: new URL(server).host,
      description: [saved.map(({ name }) => plain(name, 80)), accounts.map(accountName)]
        .map((names) => names.join(', '))
        .filter((names) => names !== '')
        .join(' · '),
      server,
    };
  });
  return (await choose(title, await Promise.all(items)))?.server;
}
