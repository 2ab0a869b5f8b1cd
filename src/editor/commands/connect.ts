import { l10n, Uri } from 'vscode';
import { isFailure } from '../../core/failure';
import type { Capabilities } from '../../core/ports';
import { nameOf, serverOf as serverIdOf, type ResourceId } from '../../core/resource';
import { Secret } from '../../core/secret';
import { readAddress } from '../address';
import { hostOf } from '../failureWords';
import { HumanError } from '../humanError';
import { ask, choose, confirm } from '../prompts';
import { isRemote, toResource } from '../uris';
import { say } from './lock';
import type { Command, Room } from './room';
import { findTarget } from './target';

/** Asks for an address, finds out what is there, signs in where the server wants it, and opens the folder. */
export const openRemoteFolder: Command = async (room, argument) => {
  // What was refused for want of a sign-in leads here.
  const named = typeof argument === 'string' || argument instanceof Uri;
  const refused = named ? findTarget(room, argument) : undefined;
  if (refused) return void (await room.connections.askToSignIn(refused));
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
  const folder = text === undefined ? undefined : readAddress(text);
  if (!folder) return;
  const found = await probeSignedIn(room, folder);
  if (!found || (!found.locks && !(await confirmLockless(folder)))) return;
  const user = await room.connections.userOf(folder);
  await room.connections.remember(folder, user === undefined ? {} : { user });
  await room.connections.open(folder, nameOf(folder));
};

async function probeSignedIn(room: Room, folder: ResourceId): Promise<Capabilities | undefined> {
  try {
    return await room.connections.probe(folder);
  } catch (error) {
    if (!isFailure(error, 'signInNeeded')) throw error;
    return (await room.connections.askToSignIn(folder)) ? room.connections.probe(folder) : undefined;
  }
}

function confirmLockless(folder: ResourceId): Promise<boolean> {
  return confirm(
    l10n.t('{0} does not offer locks. Open the folder all the same?', hostOf(folder)),
    l10n.t(
      'You will not see who edits a file, but a save still never replaces a version that you have not seen.',
    ),
    l10n.t('Open'),
  );
}

interface ConnectArgument {
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  readonly name?: string;
}

/** For automation: stores a connection with its secret and checks it. Rejects with a sentence. */
export const connect: Command = async (room, argument) => {
  const { url, user, password, token, name } = readConnectArgument(argument);
  const folder = readAddress(url);
  if (!folder)
    throw new HumanError(
      l10n.t(
        '"{0}" is no address of a remote folder. Use one such as https://dav.example.org/projects/.',
        url,
      ),
    );
  const credentials = {
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password: new Secret(password) }),
    ...(token !== undefined && { token: new Secret(token) }),
  };
  try {
    if (Object.keys(credentials).length > 0) await room.connections.signIn(folder, credentials);
    else await room.connections.probe(folder);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new HumanError(room.connections.sentenceOf(error), { cause: error });
  }
  await room.connections.remember(folder, {
    ...(name !== undefined && { name }),
    ...(user !== undefined && { user }),
  });
};

function readConnectArgument(argument: unknown): ConnectArgument {
  const given =
    typeof argument === 'object' && argument !== null ? (argument as Record<string, unknown>) : {};
  const texts = Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string'));
  if (typeof texts.url !== 'string') throw new HumanError(l10n.t('Give the address of the folder as "url".'));
  return texts as unknown as ConnectArgument;
}

export const signOut: Command = async (room, argument) => {
  const servers = room.connections.servers();
  const given = argument instanceof Uri && isRemote(argument) ? serverIdOf(toResource(argument)) : undefined;
  const { connections } = room.settings.get();
  const items = servers.map((server) => ({
    label: new URL(server).host,
    description: connections
      .filter(({ folder }) => serverIdOf(folder) === server)
      .map(({ name }) => name)
      .join(', '),
    server,
  }));
  const picked = given ?? (await choose(l10n.t('Sign out of'), items))?.server;
  if (!picked) return;
  // Locks of an account that is gone from here could not be released any more.
  const held = room.leases.held().filter(({ resource }) => serverIdOf(resource) === picked);
  await Promise.all(held.map(({ resource }) => room.leases.release(resource)));
  await room.connections.signOut(picked);
  say(l10n.t('Signed out of {0}.', new URL(picked).host));
};
