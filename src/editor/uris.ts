import { Uri, workspace } from 'vscode';
import { Disposables, type Disposable } from '../base/disposable';
import { resourceId, segmentsOf, serverOf, type ResourceId, type ServerId } from '../core/model/resource';

const secure = new Map([
  ['dav', 'http:'],
  ['davs', 'https:'],
]);

export const schemes: readonly string[] = [...secure.keys()];

/** Whether it is the address of a remote file, and one that can be read: `dav:///x` has no host. */
export function isRemote(uri: Uri): boolean {
  try {
    toResource(uri);
    return true;
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError) return false;
    throw error;
  }
}

/** `davs://host:port/path` is the resource `https://host:port/path`. Throws a TypeError or URIError for anything else. */
export function toResource(uri: Uri): ResourceId {
  const scheme = secure.get(uri.scheme);
  if (!scheme) throw new TypeError(`Not a remote address: ${uri.scheme}`);
  const path = uri.path.split('/').map(encodeURIComponent).join('/');
  return resourceId(`${scheme}//${uri.authority}${path}`);
}

/** How the editor spells the authority of a server that is open in it, such as `host:80`. */
const spellings = new Map<ServerId, string>();

/** The address under which the editor knows the resource; the same one every time (hot exit depends on it). */
export function toUri(resource: ResourceId): Uri {
  const { protocol, host } = new URL(resource);
  return Uri.from({
    scheme: protocol === 'http:' ? 'dav' : 'davs',
    authority: spellings.get(serverOf(resource)) ?? host,
    path: `/${segmentsOf(resource).join('/')}`,
  });
}

/** The editor has this open, and will know nothing else of its server by another spelling. */
export function spelledAs(uri: Uri): void {
  if (!isRemote(uri)) return;
  const server = serverOf(toResource(uri));
  if (!spellings.has(server)) spellings.set(server, uri.authority);
}

/** Learns the spellings from what is open and what will be. */
export function learnSpellings(): Disposable {
  const owned = new Disposables();
  for (const { uri } of [...(workspace.workspaceFolders ?? []), ...workspace.textDocuments]) spelledAs(uri);
  owned.add(workspace.onDidChangeWorkspaceFolders(({ added }) => added.forEach(({ uri }) => spelledAs(uri))));
  owned.add(workspace.onDidOpenTextDocument(({ uri }) => spelledAs(uri)));
  return owned;
}
