import { l10n, QuickPickItemKind, Uri, type QuickPickItem } from 'vscode';
import { isFailure, orElse } from '../../../core/model/failure';
import type { Capabilities } from '../../../core/model/ports';
import { nameOf, parentOf, serverOf, urlOf, type ResourceId } from '../../../core/model/resource';
import { readAddress } from '../../connection/address';
import { folderAt } from '../../connection/connectTo';
import type { Place } from '../../connection/placeOpener';
import { HumanError } from '../../messages/humanError';
import { back, InputSession, type Step } from '../../messages/inputSession';
import { pickOrType } from '../../messages/pickOrType';
import { confirm } from '../../messages/prompts';
import { isRemote, toResource } from '../../uris';
import { hostOf } from '../../words/failureWords';
import { plain } from '../../words/plainText';
import type { Command, Needs } from '../commandContext';

type OpenNeeds = 'connections' | 'directory' | 'log' | 'places' | 'settings';

/** What is at an address, and whether its server offers locks. */
interface Found extends Capabilities {
  readonly place: Place;
}

/** Lets the person pick a known folder or type an address, signs in if the server requires it, and opens it. */
export const openRemoteFolder: Command<OpenNeeds> = async (context, argument) => {
  const given = argument instanceof Uri ? urlOf(addressed(argument)) : undefined;
  const input = new InputSession();
  try {
    const found = given === undefined ? await findAny(context, input) : await findAt(context, input, given);
    if (found && found !== back) await openFound(context, found);
  } finally {
    input.dispose();
  }
};

/** Opens a folder that the person wanted before they had signed in. */
export async function openWanted(context: Needs<OpenNeeds>, wanted: ResourceId): Promise<void> {
  const found = await lookAt(context, undefined, wanted);
  if (found) await openFound(context, found);
}

function addressed(uri: Uri): ResourceId {
  return folderAt(isRemote(uri) ? toResource(uri) : uri.toString());
}

async function findAny(
  context: Needs<OpenNeeds>,
  input: InputSession,
): Promise<Found | typeof back | undefined> {
  for (;;) {
    const items = knownPlaces(context);
    const picked =
      items.length > 0
        ? await pickOrType(l10n.t('Open Remote Folder'), l10n.t('Choose a folder or enter an address'), [
            ...items,
            enterAddress(),
          ])
        : { item: enterAddress(), typed: '' };
    if (!picked) return undefined;
    const { item, typed } = picked;
    const known = item.folder && urlOf(item.folder, 'collection');
    const found = await findAt(context, input, known ?? typed, items.length > 0);
    if (found !== back) return found;
  }
}

interface KnownPlace extends QuickPickItem {
  readonly folder?: ResourceId;
}

function knownPlaces({ places, settings }: Needs<'places' | 'settings'>): KnownPlace[] {
  const saved = settings.get().connections;
  const recent = places.recent.all().filter((folder) => saved.every((one) => one.folder !== folder));
  return [
    ...group(
      l10n.t('Saved servers'),
      saved.map(({ name, folder }) => ({ name, folder })),
    ),
    ...group(
      l10n.t('Recent folders'),
      recent.map((folder) => ({ name: nameOf(folder), folder })),
    ),
  ];
}

function group(title: string, places: readonly { name: string; folder: ResourceId }[]): KnownPlace[] {
  if (places.length === 0) return [];
  return [
    { label: title, kind: QuickPickItemKind.Separator },
    ...places.map(({ name, folder }) => ({
      label: plain(name, 80),
      description: plain(urlOf(folder, 'collection'), 200),
      folder,
    })),
  ];
}

function enterAddress(): KnownPlace {
  return { label: `$(add) ${l10n.t('Enter an Address…')}`, alwaysShow: true };
}

/** Checks an address in an input that stays open until there is a folder or file at it. */
async function findAt(
  context: Needs<OpenNeeds>,
  input: InputSession,
  given: string,
  hasBack = false,
): Promise<Found | typeof back | undefined> {
  let text = given;
  let problem: string | undefined;
  for (let isReady = checkAddress(given) === undefined; ; isReady = false) {
    const step = { ...addressStep, title: l10n.t('Open Remote Folder'), value: text, problem, hasBack };
    if (isReady) input.wait(step);
    else {
      const answer = await input.ask(step);
      if (answer === undefined || answer === back) return answer;
      text = answer;
    }
    try {
      return await input.orClosed(lookAt(context, input, folderAt(text)));
    } catch (error) {
      problem = problemOf(context, text, error);
    }
  }
}

const addressStep: Pick<Step, 'check' | 'placeHolder'> & { readonly prompt: string } = {
  get prompt() {
    return l10n.t('Address of a folder or file on a WebDAV server');
  },
  placeHolder: 'https://files.example.org/projects/',
  check: checkAddress,
};

function checkAddress(typed: string): string | undefined {
  return readAddress(typed)
    ? undefined
    : l10n.t(
        'Enter an address such as https://files.example.org/projects/, without a user name or password.',
      );
}

function problemOf({ connections, log }: Needs<'connections' | 'log'>, text: string, error: unknown): string {
  if (error instanceof HumanError) return error.message;
  log.failure(`Opening ${readAddress(text)}`, error);
  if (!isFailure(error)) throw error;
  return connections.sentenceOf(error);
}

/** Undefined if the person did not sign in. Rejects with a RemoteFailure or HumanError. */
async function lookAt(
  context: Needs<OpenNeeds>,
  input: InputSession | undefined,
  address: ResourceId,
): Promise<Found | undefined> {
  const found = await probeSignedIn(context, input, address);
  if (!found) return undefined;
  // A server without lists has no folder to open.
  if (found.kind === 'file') return { ...found, place: { file: address } };
  const { kind } = await context.directory.stat(address, 0);
  const place = kind === 'file' ? await placeOfFile(context, address) : { folder: address };
  return { ...found, place };
}

async function probeSignedIn(
  { connections }: Needs<'connections'>,
  input: InputSession | undefined,
  address: ResourceId,
): Promise<Capabilities | undefined> {
  try {
    return await connections.probe(address);
  } catch (error) {
    if (!isFailure(error, 'signInNeeded')) throw error;
    const how = { refused: error, isToOpen: true, ...(input && { input }) };
    return (await connections.askToSignIn(address, how)) ? connections.probe(address) : undefined;
  }
}

/** Not everybody who may read a file may list its folder. */
async function placeOfFile({ directory }: Needs<'directory'>, file: ResourceId): Promise<Place> {
  const folder = parentOf(file);
  if (!folder) return { file };
  const unlisted = ['forbidden', 'notFound', 'signInNeeded', 'unsupported', 'refused'] as const;
  const found = await orElse(undefined, () => directory.stat(folder, 0), ...unlisted);
  return found ? { folder, file } : { file };
}

async function openFound(context: Needs<OpenNeeds>, { locks, place }: Found): Promise<void> {
  const { folder } = place;
  if (locks === false && folder && !(await confirmWithoutLocks(folder))) return;
  const known = folder ?? place.file;
  if (known) await remember(context, known);
  await context.places.open(place);
}

/** The first folder of a server is saved, and with it how one signs in there; others are recent ones. */
async function remember({ connections, settings }: Needs<'connections' | 'settings'>, folder: ResourceId) {
  const saved = settings.get().connections;
  const isSaved = saved.some((one) => one.folder === folder);
  if (!isSaved && saved.some((one) => serverOf(one.folder) === serverOf(folder))) return;
  const user = await connections.userOf(folder);
  await connections.remember(folder, user === undefined ? {} : { user });
}

function confirmWithoutLocks(folder: ResourceId): Promise<boolean> {
  return confirm(
    l10n.t('{0} doesn’t support locks. Open the folder anyway?', hostOf(folder)),
    l10n.t(
      'You won’t see who edits a file, but a save still never overwrites a version that you haven’t seen.',
    ),
    l10n.t('Open'),
  );
}
