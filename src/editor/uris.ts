import { Uri, workspace } from 'vscode';
import { Disposables, type Disposable } from '../base/disposable';
import {
  nameOf,
  resourceId,
  segmentsOf,
  serverOf,
  type ResourceId,
  type ServerId,
} from '../core/model/resource';
import { realName, shownName } from './hiddenCharacters';

const protocols = new Map([
  ['dav', 'http:'],
  ['davs', 'https:'],
]);

export const schemes: readonly string[] = [...protocols.keys()];

/** Whether the URI is a readable remote address; `dav:///x` has no host. */
export function isRemote(uri: Uri): boolean {
  try {
    toResource(uri);
    return true;
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError) return false;
    throw error;
  }
}

/** `davs://host:port/path` maps to `https://host:port/path`. Throws a TypeError or URIError for anything else. */
export function toResource(uri: Uri): ResourceId {
  const scheme = protocols.get(uri.scheme);
  if (!scheme) throw new TypeError(`Not a remote address: ${uri.scheme}`);
  const path = uri.path
    .split('/')
    .map((name) => encodeURIComponent(realName(name)))
    .join('/');
  return resourceId(`${scheme}//${uri.authority}${path}`);
}

/** How the editor spells the authority of each open server, such as `host:80`. */
const spellings = new Map<ServerId, string>();

/** The URI that the editor uses for the resource; always the same one, because hot exit depends on it. */
export function toUri(resource: ResourceId): Uri {
  const { protocol, host } = new URL(resource);
  return Uri.from({
    scheme: protocol === 'http:' ? 'dav' : 'davs',
    authority: spellings.get(serverOf(resource)) ?? host,
    path: `/${segmentsOf(resource).map(shownName).join('/')}`,
  });
}

/** The last segment of the resource's URI: its name with invisible characters escaped. */
export function uriNameOf(resource: ResourceId): string {
  return shownName(nameOf(resource));
}

/** Whether the URI is spelled as `toUri` would: with every invisible character escaped. */
export function hidesNothing(uri: Uri): boolean {
  return uri.path.split('/').every((name) => shownName(realName(name)) === name);
}

/** Remembers how the editor first spelled a server, because it treats any other spelling as another server. */
export function rememberSpelling(uri: Uri): void {
  if (!isRemote(uri)) return;
  const server = serverOf(toResource(uri));
  if (!spellings.has(server)) spellings.set(server, uri.authority);
}

/** Remembers the spellings of what is open now and what opens later. */
export function learnSpellings(): Disposable {
  const owned = new Disposables();
  for (const { uri } of [...(workspace.workspaceFolders ?? []), ...workspace.textDocuments])
    rememberSpelling(uri);
  owned.add(
    workspace.onDidChangeWorkspaceFolders(({ added }) => added.forEach(({ uri }) => rememberSpelling(uri))),
  );
  owned.add(workspace.onDidOpenTextDocument(({ uri }) => rememberSpelling(uri)));
  return owned;
}
