import { commands, l10n, Uri } from 'vscode';
import { isFailure } from '../../core/model/failure';
import type { Capabilities } from '../../core/model/ports';
import { nameOf, serverOf as serverIdOf, type ResourceId, type ServerId } from '../../core/model/resource';
import { readAddress } from '../connection/address';
import { connectTo, folderAt, type ConnectOptions } from '../connection/connectTo';
import { hostOf } from '../words/failureWords';
import { HumanError } from '../messages/humanError';
import { ask, choose, confirm } from '../messages/prompts';
import { plain } from '../words/plainText';
import { isRemote, toResource, toUri } from '../uris';
import { showStatusMessage } from '../messages/statusMessage';
import { displayNameOf } from '../words/plainText';
import type { Command, Needs } from './commandContext';
import { targetOf } from './target';

/** Asks for an address, probes it, signs in if the server requires it, and opens the folder. */
export const openRemoteFolder: Command<'blockedSaves' | 'connections'> = async (context, argument) => {
  // Sign-in links pass the key of a blocked save; the status bar passes an object with `resourceUri`.
  const isSignIn = typeof argument === 'string' || (isObject(argument) && 'resourceUri' in argument);
  if (isSignIn) return void (await context.connections.askToSignIn(targetOf(context, argument)));
  const folder = argument instanceof Uri ? addressed(argument) : await askForFolder();
  if (!folder) return;
  const found = await probeSignedIn(context, folder);
  if (!found || (found.locks === false && !(await confirmWithoutLocks(folder)))) return;
  const user = await context.connections.userOf(folder);
  await context.connections.remember(folder, user === undefined ? {} : { user });
  // A server without lists has no folder to open.
  if (found.kind === 'file') await commands.executeCommand('vscode.open', toUri(folder));
  else await context.connections.open(folder, nameOf(folder));
};

function addressed(uri: Uri): ResourceId {
  return folderAt(isRemote(uri) ? toResource(uri) : uri.toString());
}

async function askForFolder(): Promise<ResourceId | undefined> {
  const text = await ask({
    title: l10n.t('Open Remote Folder'),
    prompt: l10n.t('Address of a folder on a WebDAV server'),
    placeHolder: 'https://dav.example.org/projects/',
    check: (typed) =>
      readAddress(typed)
        ? undefined
        : l10n.t(
            'Type an address such as https://dav.example.org/projects/, without a name or password in it.',
          ),
  });
  return text === undefined ? undefined : folderAt(text);
}

async function probeSignedIn(
  context: Needs<'connections'>,
  folder: ResourceId,
): Promise<Capabilities | undefined> {
  try {
    return await context.connections.probe(folder);
  } catch (error) {
    if (!isFailure(error, 'signInNeeded')) throw error;
    return (await context.connections.askToSignIn(folder, error))
      ? context.connections.probe(folder)
      : undefined;
  }
}

function confirmWithoutLocks(folder: ResourceId): Promise<boolean> {
  return confirm(
    l10n.t('{0} does not offer locks. Open the folder all the same?', hostOf(folder)),
    l10n.t(
      'You will not see who edits a file, but a save still never replaces a version that you have not seen.',
    ),
    l10n.t('Open'),
  );
}

/**
 * Stores a connection and checks it, after the user has agreed to whatever is not stored yet: any link may run a
 * command. Resolves to whether the user agreed; rejects with a sentence. Programs use `connect` of the API.
 */
export const connect: Command<'connections' | 'settings'> = async (context, argument) => {
  const options = readConnectOptions(argument);
  const folder = folderAt(options.url);
  if (!isStored(context, folder, options) && !(await confirmConnect(folder, options))) return false;
  await connectTo(context.connections, options);
  return true;
};

/** Credentials always count as new, because they would replace the stored ones. */
function isStored({ settings }: Needs<'settings'>, folder: ResourceId, options: ConnectOptions): boolean {
  const { user, password, token, name } = options;
  if (user !== undefined || password !== undefined || token !== undefined) return false;
  const stored = settings.get().connections.find((one) => one.folder === folder);
  return stored !== undefined && (name === undefined || name === stored.name);
}

function confirmConnect(folder: ResourceId, { user, password, token }: ConnectOptions): Promise<boolean> {
  const signIn =
    user !== undefined
      ? l10n.t('It would sign in as {0}.', plain(user, 80))
      : password !== undefined || token !== undefined
        ? l10n.t('It would sign in with credentials that come with the request.')
        : l10n.t('It would not sign in.');
  return confirm(
    l10n.t('Store a connection to {0}?', plain(hostOf(folder), 120)),
    [
      plain(folder, 400),
      '',
      `${l10n.t('A link or another extension asks for this connection.')} ${signIn} ${l10n.t('Agree only if you expected it.')}`,
    ].join('\n'),
    l10n.t('Connect'),
  );
}

/** The `trust` option is for the API alone. */
function readConnectOptions(argument: unknown): ConnectOptions {
  const given = isObject(argument) ? argument : {};
  const texts = Object.fromEntries(
    ['url', 'user', 'password', 'token', 'name']
      .map((key) => [key, given[key]] as const)
      .filter(([, value]) => typeof value === 'string'),
  );
  if (typeof texts.url !== 'string') throw new HumanError(l10n.t('Give the address of the folder as "url".'));
  return texts as unknown as ConnectOptions;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export const signOut: Command<'connections' | 'leases' | 'log' | 'settings'> = async (context, argument) => {
  const server = argument instanceof Uri ? signedInTo(argument) : await chooseServer(context);
  if (!server) return;
  // Release first: without the account's credentials these locks could not be released.
  const held = context.leases.held().filter(({ resource }) => serverIdOf(resource) === server);
  const results = await Promise.allSettled(held.map(({ resource }) => context.leases.release(resource)));
  const unreleased = held.filter((_, index) => results[index]?.status === 'rejected');
  await context.connections.signOut(server);
  const { host } = new URL(server);
  if (unreleased.length === 0) return showStatusMessage(l10n.t('Signed out of {0}.', host));
  for (const result of results)
    if (result.status === 'rejected') context.log.failure('Releasing before signing out', result.reason);
  throw new HumanError(
    l10n.t(
      'Signed out of {0}, but these locks of yours could not be released and stay until they expire: {1}. Sign in again to release them.',
      host,
      unreleased.map(({ resource }) => displayNameOf(resource)).join(', '),
    ),
  );
};

function signedInTo(uri: Uri): ServerId {
  if (isRemote(uri)) return serverIdOf(toResource(uri));
  throw new HumanError(
    l10n.t('{0} is not on a remote server, so there is nothing to sign out of.', plain(uri.toString(true))),
  );
}

async function chooseServer(context: Needs<'connections' | 'settings'>): Promise<ServerId | undefined> {
  const servers = context.connections.servers();
  if (servers.length === 0) throw new HumanError(l10n.t('You are connected to no server.'));
  const { connections } = context.settings.get();
  const items = servers.map((server) => ({
    label: new URL(server).host,
    description: connections
      .filter(({ folder }) => serverIdOf(folder) === server)
      .map(({ name }) => name)
      .join(', '),
    server,
  }));
  return (await choose(l10n.t('Sign out of'), items))?.server;
}
