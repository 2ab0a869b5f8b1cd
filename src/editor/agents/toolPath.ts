import { l10n, Uri } from 'vscode';
import { isWithin, resourceId, type ResourceId } from '../../core/model/resource';
import { resourceAt } from '../files/fileErrors';
import { HumanError } from '../messages/humanError';
import { isRemote, toResource, toUri } from '../uris';
import { displayNameOf, plain } from '../words/plainText';

/** What a tool may ask about. */
export interface Reach {
  readonly folders: readonly { readonly name: string; readonly uri: Uri }[];
  isOpen(resource: ResourceId): boolean;
  /** Whether the editor itself does not get to see it, before the person trusts its server. */
  isHidden(resource: ResourceId): boolean;
}

/** How many folders a refusal names. */
const maxNamed = 5;

/**
 * The file that a model names by a path in the workspace or by its address. A model may have been talked into naming
 * any server, so only what is in an open remote folder or in an editor is ever asked about. Throws a sentence.
 */
export function fileNamed(path: string, reach: Reach): ResourceId {
  const folders = reach.folders.filter(({ uri }) => isRemote(uri));
  const isInReach = (resource: ResourceId) =>
    folders.some(({ uri }) => isWithin(resource, toResource(uri))) || reach.isOpen(resource);
  const found = new Set(candidates(path, folders).filter(isRemote).map(resourceAt).filter(isInReach));
  const [resource] = found;
  if (resource !== undefined && found.size === 1) {
    if (!reach.isHidden(resource)) return resource;
    throw new HumanError(l10n.t('{0} is hidden until the user trusts its server.', displayNameOf(resource)));
  }
  const named = folders.slice(0, maxNamed).map(({ uri }) => plain(uri.toString(true), 160));
  const shown = plain(path, 160);
  if (found.size > 1)
    throw new HumanError(
      l10n.t('"{0}" is in more than one open folder. Give its address, below {1}.', shown, named.join(', ')),
    );
  throw new HumanError(
    folders.length === 0
      ? l10n.t('"{0}" isn’t in an open remote folder: none is open.', shown)
      : l10n.t('"{0}" isn’t in an open remote folder. These are open: {1}.', shown, named.join(', ')),
  );
}

function candidates(path: string, folders: Reach['folders']): Uri[] {
  if (/^davs?:\/\//i.test(path)) return [Uri.parse(path)];
  if (/^https?:\/\//i.test(path)) return webAddress(path);
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return [];
  if (path.startsWith('/')) return folders.map(({ uri }) => uri.with({ path }));
  // With several folders open, paths in a workspace begin with the folder's name.
  const named = folders.filter(({ name }) => path === name || path.startsWith(`${name}/`));
  if (folders.length > 1 && named.length > 0)
    return named.map(({ name, uri }) => Uri.joinPath(uri, path.slice(name.length)));
  return folders.map(({ uri }) => Uri.joinPath(uri, path));
}

function webAddress(path: string): Uri[] {
  try {
    return [toUri(resourceId(path))];
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError) return [];
    throw error;
  }
}
