import { l10n, Uri, type QuickPickItem } from 'vscode';
import { asObject } from '../../../base/untrusted';
import type { Connection } from '../../../core/settings/connectionSetting';
import { resourceId, serverOf, urlOf, type ResourceId, type ServerId } from '../../../core/model/resource';
import { openFolders } from '../../connection/openFolders';
import { HumanError } from '../../messages/humanError';
import { ask, choose, confirm } from '../../messages/prompts';
import { showStatusMessage } from '../../messages/statusMessage';
import { meaningOfTrust, serverName, trustQuestion } from '../../trust/words';
import { isRemote, toResource, toUri } from '../../uris';
import { plain } from '../../words/plainText';
import type { Command, Needs } from '../commandContext';
import { signIn, signOut } from './signIn';

type ServerNeeds =
  'blockedSaves' | 'connections' | 'directory' | 'leases' | 'log' | 'places' | 'settings' | 'trust';

/** Asks whether to trust a server; the answer takes effect at once. */
export const trustServer: Command<'connections' | 'settings' | 'trust'> = async (context, argument) => {
  const server = namedServer(context, argument) ?? (await chooseRestricted(context));
  if (server) await askForTrust(context, server);
};

/** Lists the servers, and what can be done with each. */
export const manageServers: Command<ServerNeeds> = async (context) => {
  const places = placesOf(context);
  if (places.length === 0)
    throw new HumanError(l10n.t('No servers are saved yet. Use "Locks: Open Remote Folder…" first.'));
  const place = (
    await choose(
      l10n.t('Manage Servers'),
      places.map((one) => placeItem(context, one)),
    )
  )?.place;
  if (!place) return;
  const action = await choose(plain(place.name, 80), actionsFor(context, place));
  await action?.run();
};

/** A stored connection, or an open folder without one. */
interface Place {
  readonly name: string;
  readonly folder: ResourceId;
  readonly stored?: Connection;
}

interface Action extends QuickPickItem {
  readonly run: () => unknown;
}

function placesOf({ settings }: Needs<'settings'>): Place[] {
  const stored = settings.get().connections;
  const servers = new Set(stored.map(({ folder }) => serverOf(folder)));
  return [
    ...stored.map((one) => ({ name: one.name, folder: one.folder, stored: one })),
    ...openFolders()
      .filter((folder) => !servers.has(serverOf(folder)))
      .map((folder) => ({ name: new URL(folder).host, folder })),
  ];
}

function placeItem({ trust }: Needs<'trust'>, place: Place) {
  return {
    label: plain(place.name, 80),
    description: plain(urlOf(place.folder, 'collection'), 200),
    detail: trust.trusts(serverOf(place.folder)) ? l10n.t('Trusted') : l10n.t('Restricted'),
    place,
  };
}

function actionsFor(context: Needs<ServerNeeds>, place: Place): Action[] {
  const { trust } = context;
  const { folder, stored } = place;
  const server = serverOf(folder);
  const host = new URL(server).host;
  const trusting: Action = trust.trusts(server)
    ? {
        label: l10n.t('Stop Trusting {0}', host),
        description: l10n.t('Hides its configuration files again'),
        run: () => trust.decide(folder, false),
      }
    : { label: l10n.t('Trust {0}…', host), run: () => askForTrust(context, server) };
  return [
    ...(stored ? [{ label: l10n.t('Rename…'), run: () => rename(context, stored) }] : []),
    { label: l10n.t('Sign In…'), run: () => signIn(context, toUri(folder)) },
    { label: l10n.t('Sign Out'), run: () => signOut(context, toUri(folder)) },
    trusting,
    ...(stored ? [{ label: l10n.t('Remove…'), run: () => remove(context, stored) }] : []),
  ];
}

async function rename({ connections }: Needs<'connections'>, { name, folder }: Connection): Promise<void> {
  const typed = await ask({
    title: l10n.t('Rename {0}', plain(name, 80)),
    prompt: l10n.t('Name of the saved server'),
    value: name,
    check: (text) => (text.trim() === '' ? l10n.t('Enter a name.') : undefined),
  });
  if (typed !== undefined) await connections.remember(folder, { name: typed.trim() });
}

/** The last connection of a server takes the sign-in and the trust with it. */
async function remove(context: Needs<ServerNeeds>, { name, folder }: Connection): Promise<void> {
  const others = context.settings
    .get()
    .connections.filter((one) => one.folder !== folder && serverOf(one.folder) === serverOf(folder));
  const confirmed = await confirm(
    l10n.t('Remove the saved server {0}?', plain(name, 80)),
    others.length > 0
      ? l10n.t('It is removed from your saved servers. You stay signed in, and no file is changed.')
      : l10n.t('You are signed out, and your locks there are released. No file is changed.'),
    l10n.t('Remove'),
  );
  if (!confirmed) return;
  if (others.length > 0) await context.settings.removeConnection(folder);
  else await signOut(context, toUri(folder));
}

async function askForTrust(
  { settings, trust }: Needs<'settings' | 'trust'>,
  server: ServerId,
): Promise<void> {
  const confirmed = await confirm(trustQuestion(server), meaningOfTrust(server), l10n.t('Trust'));
  if (!confirmed) return;
  const folder =
    settings.connectionTo(server)?.folder ??
    openFolders().find((open) => serverOf(open) === server) ??
    resourceId(server);
  await trust.decide(folder, true);
  showStatusMessage(l10n.t('{0} is trusted.', serverName(server)));
}

/** From a link, a menu or a program; only a server that is known here. */
function namedServer({ connections }: Needs<'connections'>, argument: unknown): ServerId | undefined {
  if (argument === undefined) return undefined;
  const named = serverIn(argument);
  const server = connections.servers().find((known) => known === named);
  if (server) return server;
  throw new HumanError(l10n.t('This server isn’t saved or open. Use "Locks: Open Remote Folder…" first.'));
}

function serverIn(argument: unknown): string | undefined {
  if (argument instanceof Uri) return isRemote(argument) ? serverOf(toResource(argument)) : undefined;
  if (typeof argument === 'string') return argument;
  const server = asObject(argument)?.server;
  return typeof server === 'string' ? server : undefined;
}

async function chooseRestricted({
  connections,
  trust,
}: Needs<'connections' | 'trust'>): Promise<ServerId | undefined> {
  const servers = connections.servers().filter((server) => !trust.trusts(server));
  if (servers.length === 0) throw new HumanError(l10n.t('All servers are trusted.'));
  if (servers.length === 1) return servers[0];
  const items = servers.map((server) => ({ label: serverName(server), server }));
  return (await choose(l10n.t('Trust Server'), items))?.server;
}
