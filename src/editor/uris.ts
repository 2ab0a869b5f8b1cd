import { Uri } from 'vscode';
import { resourceId, segmentsOf, type ResourceId } from '../core/resource';

const secure = new Map([
  ['dav', 'http:'],
  ['davs', 'https:'],
]);

export const schemes: readonly string[] = [...secure.keys()];

export function isRemote(uri: Uri): boolean {
  return secure.has(uri.scheme);
}

/** `davs://host:port/path` is the resource `https://host:port/path`. Throws a TypeError for other schemes. */
export function toResource(uri: Uri): ResourceId {
  const scheme = secure.get(uri.scheme);
  if (!scheme) throw new TypeError(`Not a remote address: ${uri.scheme}`);
  const path = uri.path.split('/').map(encodeURIComponent).join('/');
  return resourceId(`${scheme}//${uri.authority}${path}`);
}

/** The address under which the editor knows the resource; the same one every time (hot exit depends on it). */
export function toUri(resource: ResourceId): Uri {
  const { protocol, host } = new URL(resource);
  return Uri.from({
    scheme: protocol === 'http:' ? 'dav' : 'davs',
    authority: host,
    path: `/${segmentsOf(resource).join('/')}`,
  });
}
